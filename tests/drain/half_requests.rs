//! Clients that have begun a request when the server closes: those that finish it are answered, the others have their time,
//! and none of them makes the stop a failure.

use crate::harness::{LIMIT, LONG, LOST, Service, Stopped, settle};
use crate::tls;
use axum::Router;
use axum::routing::{get, post};
use graceful::http::Builder;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::sleep;

const GRACE: Duration = LIMIT.checked_div(2).unwrap();

fn routes() -> Router {
    Router::new()
        .route("/", get("hello"))
        .route(
            "/slow",
            get(async || {
                sleep(LIMIT / 4).await;
                "done"
            }),
        )
        .route("/length", post(async |body: String| body.len().to_string()))
        .route("/big", get(async || vec![b'x'; 1 << 22]))
}

async fn start() -> Service {
    Service::start_with(|server| server.half_request_grace(GRACE), routes()).await
}

fn assert_counted(stopped: &Stopped) {
    stopped.assert_clean();
    let step = stopped.report.leaves().next().unwrap();
    assert_eq!(
        step.note.as_deref(),
        Some("1 client did not finish its request")
    );
}

#[tokio::test]
async fn one_that_never_finishes_is_counted_and_no_failure() {
    for begun in ["G", "GET /qui", "GET / HTTP/1.1\r\nhost: a\r\n"] {
        let service = start().await;
        let mut client = service.connect().await;
        client.send(begun).await;
        service.connections(1).await;
        settle().await;
        let stopped = service.stop().await.unwrap();
        assert_counted(&stopped);
        assert!(client.ends_silently().await);
    }
}

#[tokio::test]
async fn nor_is_one_that_sends_a_byte_at_a_time() {
    let service = start().await;
    let mut client = service.connect().await;
    client.send("GET / HTTP/1.1\r\nx: ").await;
    service.connections(1).await;
    let stop = service.stop();
    let drips = tokio::spawn(async move {
        while client.0.write_all(b"x").await.is_ok() {
            sleep(LIMIT / 100).await;
        }
    });
    assert_counted(&stop.await.unwrap());
    drips.await.unwrap();
}

/// Longer than any grace of its builder.
#[tokio::test]
async fn nor_one_that_is_waited_for_to_the_limit() {
    let service = Service::start_with(
        |server| server.half_request_grace(LOST).idle_grace(LOST),
        routes(),
    )
    .await;
    let mut half = service.connect().await;
    half.send("GET / HT").await;
    let _silent = service.connect().await;
    let mut kept = service.connect().await;
    kept.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    kept.read_to("hello").await;
    service.connections(3).await;
    assert_counted(&service.stop_within(10 * LIMIT).await.unwrap());
}

#[tokio::test]
async fn the_rest_of_a_first_and_of_a_second_request_is_waited_for() {
    for has_asked in [false, true] {
        let graces = |server: Builder| server.idle_grace(LIMIT / 50).half_request_grace(LONG);
        let service = Service::start_with(graces, routes()).await;
        let mut client = service.connect().await;
        if has_asked {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
            client.read_to("hello").await;
        }
        client.send("GET / HTTP/1.1\r\nho").await;
        service.connections(1).await;
        settle().await;
        let stop = service.stop_begun().await;
        sleep(LIMIT / 4).await;
        client.send("st: a\r\n\r\n").await;
        let answer = client.rest().await;
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        assert!(answer.ends_with("hello"), "{answer}");
        stop.await.unwrap().assert_drained();
    }
}

/// The first half comes with the last bytes of the handshake.
#[tokio::test]
async fn so_is_that_of_one_over_tls() {
    let tls = tls::start_as(|server| server.half_request_grace(LONG), routes()).await;
    let mut client = tls.connect_saying(b"GET / HTTP/1.1\r\nho").await;
    client.flush().await.unwrap();
    settle().await;
    let stop = tls.service.stop_begun().await;
    sleep(LIMIT / 2).await;
    client.write_all(b"st: a\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("hello"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_client_that_closes_its_side_after_its_request_is_answered() {
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    let post = "POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello".to_owned();
    for (request, end, length) in [
        (get("/"), "hello", 5),
        (get("/slow"), "done", 4),
        (get("/big"), "xxx", 1 << 22),
        (post, "5", 1),
    ] {
        for stops in [false, true] {
            let service = Service::start(routes()).await;
            let mut client = service.connect().await;
            client.send(&request).await;
            client.0.shutdown().await.unwrap();
            let stop = stops.then(|| service.stop());
            let answer = client.rest().await;
            assert!(answer.ends_with(end), "{request}");
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            assert_eq!(body.len(), length, "{request}");
            if let Some(stop) = stop {
                stop.await.unwrap().assert_drained();
            }
        }
    }
}

#[tokio::test]
async fn half_a_handshake_is_no_failure() {
    let tls = tls::start_with(routes()).await;
    let mut client = tls.service.connect().await;
    client.send("\x16\x03\x01").await;
    tls.service.connections(1).await;
    settle().await;
    assert_counted(&tls.service.stop().await.unwrap());
}
