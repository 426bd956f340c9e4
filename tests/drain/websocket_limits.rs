//! WebSockets of clients that do not play along: none of them costs the server more than its time.

use crate::harness::{LIMIT, LOST, Service};
use crate::tls;
use axum::Router;
use axum::routing::any;
use futures_util::StreamExt as _;
use graceful::ws::{WebSocket, WebSocketUpgrade};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

fn routes() -> Router {
    let reads =
        |mut socket: WebSocket| async move { while let Some(Ok(_)) = socket.recv().await {} };
    let waits = async move |upgrade: WebSocketUpgrade| upgrade.on_upgrade(reads);
    let reads =
        async move |upgrade: WebSocketUpgrade| upgrade.close_timeout(LIMIT / 4).on_upgrade(reads);
    Router::new()
        .route("/reads", any(reads))
        .route("/waits", any(waits))
}

const HANDSHAKE: &str = "GET /reads HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// "on", masked with zeros.
const MESSAGE: &[u8] = b"\x81\x82\0\0\0\0on";

/// What the server says when it goes away: a close frame's head, and 1001.
const GOING_AWAY: &[u8] = b"\x88\x1d\x03\xe9";

/// Returns once it has its WebSocket: one that asks for it behind the stop is refused, and not told.
async fn upgraded<S>(mut client: S) -> S
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    client.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    client
}

/// Sends for ever, and never answers a close; whether it was told.
async fn floods<S>(client: S) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut reader, mut writer) = tokio::io::split(client);
    let floods = tokio::spawn(async move {
        let messages = MESSAGE.repeat(1000);
        while writer.write_all(&messages).await.is_ok() {}
    });
    let mut told = Vec::new();
    // To the end, which may be a reset: it has not read what it was told to answer.
    let _ = reader.read_to_end(&mut told).await;
    floods.abort();
    told.windows(GOING_AWAY.len())
        .any(|bytes| bytes == GOING_AWAY)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_stop_sending_are_told() {
    let service = Service::start(routes()).await;
    let mut clients = Vec::new();
    for _ in 0..12 {
        let client = upgraded(service.connect().await.0).await;
        clients.push(tokio::spawn(floods(client)));
    }
    sleep(LIMIT / 4).await;
    let stopped = service.stop().await.unwrap();
    for client in clients {
        assert!(timeout(LOST, client).await.unwrap().unwrap());
    }
    stopped.assert_drained();
}

/// Its own timeout of 5 s is longer than the server's limit.
#[tokio::test]
async fn one_that_never_answers_is_counted_and_no_failure() {
    let service = Service::start(routes()).await;
    let stream = service.connect().await;
    let url = format!("ws://{}/waits", service.address);
    let _silent = client_async(url, stream.0).await.unwrap();
    let stopped = service.stop_within(4 * LIMIT).await.unwrap();
    stopped.assert_clean();
    let note = stopped.report.leaves().next().unwrap().note.clone();
    assert_eq!(
        note.as_deref(),
        Some("1 WebSocket did not answer its close")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_they_are_told_too() {
    let tls = tls::start_with(routes()).await;
    let url = format!("ws://localhost:{}/reads", tls.service.address.port());
    let (mut idle, _) = client_async(url, tls.connect().await).await.unwrap();
    let flooding = tokio::spawn(floods(upgraded(tls.connect().await).await));
    sleep(LIMIT / 4).await;
    let stop = tls.service.stop();
    let close = timeout(LOST, idle.next()).await.unwrap().unwrap().unwrap();
    assert!(matches!(close, Message::Close(Some(frame)) if u16::from(frame.code) == 1001));
    let end = timeout(LOST, idle.next()).await.unwrap();
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
    assert!(flooding.await.unwrap());
    stop.await.unwrap().assert_drained();
}
