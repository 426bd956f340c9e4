//! What is no router, or not yet.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use graceful::http::{Builder, Server};
use std::net::SocketAddr;

#[derive(Clone)]
struct App;

async fn index(State(_): State<App>) {}

fn without_its_state(server: Builder) -> Server {
    let router: Router<App> = Router::new().route("/", get(index));
    server.serve(router)
}

fn a_maker(server: Builder) -> Server {
    let router = Router::new().route("/", get(index)).with_state(App);
    server.serve(router.into_make_service_with_connect_info::<SocketAddr>())
}

fn a_handler(server: Builder) -> Server {
    server.serve(|| async { "hello" })
}

fn main() {}

// errors: 3
