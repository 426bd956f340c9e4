//! The control: `axum::serve` with its own graceful shutdown, and a readiness probe that says that it is ready.

use graceful_load::routes;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(graceful_load::address()).await?;
    println!("{}", listener.local_addr()?);
    let routes = routes().route("/readyz", axum::routing::get(|| async { "ready" }));
    axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await
}
