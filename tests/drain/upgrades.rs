//! Connections that are taken over by their handlers, and by nothing that the server knows of.

use crate::harness::{Client, LIMIT, Service};
use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use graceful::http::Stopping;
use graceful::ws::{WebSocket, WebSocketUpgrade};
use hyper::upgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, copy, split};
use tokio::time::sleep;

/// A proxy: what it is sent comes back.
async fn proxy() -> (Service, Client) {
    let tunnel = async |mut request: Request| {
        let upgraded = upgrade::on(&mut request);
        tokio::spawn(async move {
            let (mut reader, mut writer) = split(TokioIo::new(upgraded.await.unwrap()));
            drop(copy(&mut reader, &mut writer).await);
        });
    };
    let service = Service::start(Router::new().fallback(any(tunnel))).await;
    let mut client = service.connect().await;
    client
        .send("CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    client.read_to("\r\n\r\n").await;
    client.send("hello").await;
    client.read_to("hello").await;
    (service, client)
}

#[tokio::test]
async fn a_tunnel_goes_on_until_its_client_ends_it() {
    let (service, mut client) = proxy().await;
    let stop = service.stop();
    sleep(LIMIT / 4).await;
    client.send("still there").await;
    client.read_to("still there").await;
    drop(client);
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_tunnel_that_does_not_end_is_cut_and_named() {
    let (service, mut client) = proxy().await;
    let stopped = service.stop_within(LIMIT).await.unwrap();
    stopped.assert_cut(&["1 in flight: upgraded ("]);
    assert!(client.ends_silently().await);
}

/// Its handler has taken the request, and has not answered when the server closes.
#[tokio::test]
async fn a_websocket_that_is_half_begun_is_begun_and_told() {
    let slow = any(async |stopping: Stopping, upgrade: WebSocketUpgrade| {
        stopping.requested().await;
        upgrade.on_upgrade(async |mut socket: WebSocket| while socket.recv().await.is_some() {})
    });
    let service = Service::start(Router::new().route("/", slow)).await;
    let mut client = service.connect().await;
    let asks = "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    client.send(asks).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let head = client.read_to("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    let mut close = [0; 4];
    client.0.read_exact(&mut close).await.unwrap();
    // A close frame, whose code is 1001.
    assert_eq!(
        (close[0], u16::from_be_bytes([close[2], close[3]])),
        (0x88, 1001)
    );
    drop(client);
    stop.await.unwrap().assert_drained();
}
