//! The same under graceful, by its annotations alone.

use axum::response::Response;
use axum::routing::get;
use graceful::health::Health;
use graceful::http::Server;
use graceful::ws::WebSocketUpgrade;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let http = Server::bind(graceful_load::address()).await?;
    let routes = graceful_load::routes()
        .route("/ws", get(websocket))
        .merge(Health::new().router());
    let http = http.serve(routes);
    println!("{}", http.local_addr()?);
    Ok(App { http })
}

async fn websocket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move { while let Some(Ok(_)) = socket.recv().await {} })
}
