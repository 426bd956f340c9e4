//! The client's address, for handlers that ask for it.

use crate::harness::Service;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use std::net::SocketAddr;

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

fn routes() -> Router {
    let who = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
    Router::new().route("/", get(who))
}

#[tokio::test]
async fn is_there_where_the_builder_was_told() {
    let service = Service::start_with(graceful::http::Builder::connect_info, routes()).await;
    let mut client = service.connect().await;
    let own = client.0.local_addr().unwrap().to_string();
    client.send(REQUEST).await;
    let answer = client.rest().await;
    assert!(answer.ends_with(&own), "{answer}");
}

#[tokio::test]
async fn is_axums_own_error_where_it_was_not() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(REQUEST).await;
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
}
