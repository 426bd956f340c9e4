//! The control: `axum::serve` with its own graceful shutdown, and a readiness probe that says that it is ready.

use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use axum::routing::get;
use graceful_load::routes;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(graceful_load::address()).await?;
    println!("{}", listener.local_addr()?);
    let routes = routes()
        .route("/readyz", get(|| async { "ready" }))
        .route("/ws", get(websocket));
    axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
            tokio::time::sleep(graceful_load::delay()).await;
        })
        .await
}

async fn websocket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move { while let Some(Ok(_)) = socket.recv().await {} })
}
