//! Clients of HTTP/1 that have gone while their request is answered.

use crate::harness::{Hanging, LIMIT, LOST, Service};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures_util::stream::{once, pending};
use futures_util::{FutureExt as _, StreamExt as _};
use graceful::http::Server;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

const ASKS: &str = "GET /hangs HTTP/1.1\r\nhost: a\r\n\r\n";

/// A service that would wait for long, where nobody told that the client has gone.
async fn patient(routes: Router) -> Service {
    Service::start_with(|server| server.half_close_grace(LOST), routes).await
}

/// Over TCP it closes its side too, and nobody can tell.
#[tokio::test]
async fn one_that_has_gone_is_not_answered_for_ever() {
    let hanging = Hanging::default();
    let grace = LIMIT / 4;
    let service =
        Service::start_with(|server| server.half_close_grace(grace), hanging.routes()).await;
    let mut client = service.connect().await;
    client.send(ASKS).await;
    service.in_flight(1).await;
    let began = Instant::now();
    drop(client);
    hanging.dropped().await;
    assert!(began.elapsed() >= grace);
}

#[tokio::test]
async fn one_that_resets_the_connection_is_known_to_have_gone() {
    for closes_its_side_before in [false, true] {
        let hanging = Hanging::default();
        let service = patient(hanging.routes()).await;
        let mut client = service.connect().await;
        client.send(ASKS).await;
        service.in_flight(1).await;
        if closes_its_side_before {
            client.0.shutdown().await.unwrap();
            sleep(LIMIT / 20).await;
            assert!(!hanging.is_dropped());
        }
        client.0.set_zero_linger().unwrap();
        let began = Instant::now();
        drop(client);
        hanging.dropped().await;
        assert!(began.elapsed() < LOST / 2);
    }
}

/// Its connection sleeps while the answer is made.
#[tokio::test]
async fn one_that_has_closed_its_side_keeps_no_processor_busy() {
    let polls = Arc::new(AtomicUsize::new(0));
    let counts = polls.clone();
    let slow = async move || {
        let mut slow = pin!(sleep(LIMIT / 4));
        poll_fn(|task| {
            counts.fetch_add(1, Ordering::Relaxed);
            slow.as_mut().poll(task)
        })
        .await;
        "done"
    };
    let service = patient(Router::new().route("/slow", get(slow))).await;
    let mut client = service.connect().await;
    client.send("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.0.shutdown().await.unwrap();
    assert!(client.rest().await.ends_with("done"));
    let polls = polls.load(Ordering::Relaxed);
    assert!(polls < 10, "it was polled {polls} times");
}

/// It resets what is sent to it.
#[tokio::test]
async fn so_is_one_that_has_gone_before_the_next_part_of_its_answer() {
    let hanging = Hanging::default();
    let notes = hanging.clone();
    let answer = async move || {
        let dropped = notes.until_dropped();
        let part = sleep(LIMIT / 4).map(|()| Ok::<_, Infallible>(Bytes::from("part")));
        let parts = once(part).chain(pending());
        Body::from_stream(parts.map(move |part| {
            let _held = &dropped;
            part
        }))
    };
    let service = patient(Router::new().route("/hangs", get(answer))).await;
    let mut client = service.connect().await;
    client.send(ASKS).await;
    // What it has not read would be told by a reset at once.
    client.read_to("\r\n\r\n").await;
    let began = Instant::now();
    drop(client);
    hanging.dropped().await;
    assert!(began.elapsed() < LOST / 2);
}

#[cfg(unix)]
#[tokio::test]
async fn over_a_unix_socket_one_that_closes_is_told_from_one_that_reads_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let hanging = Hanging::default();
    let quarter = async || {
        sleep(LIMIT / 4).await;
        "done"
    };
    let routes = hanging.routes().route("/", get(quarter));
    let server = Server::bind_unix(&path).await.unwrap();
    let _server = server.half_close_grace(LOST).serve(routes);

    let mut reads_on = UnixStream::connect(&path).await.unwrap();
    let asks = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    reads_on.write_all(asks.as_bytes()).await.unwrap();
    reads_on.shutdown().await.unwrap();
    let mut answer = String::new();
    reads_on.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");

    let mut goes = UnixStream::connect(&path).await.unwrap();
    goes.write_all(ASKS.as_bytes()).await.unwrap();
    sleep(LIMIT / 20).await;
    let began = Instant::now();
    drop(goes);
    hanging.dropped().await;
    assert!(began.elapsed() < LOST / 2);
}

/// A machine that is switched off says nothing: its WebSockets, and its connections of HTTP/2, would stay for ever.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_kernel_asks_whether_a_silent_client_is_still_there() {
    let service = Service::start(Router::new()).await;
    let client = service.connect().await;
    service.connections(1).await;
    let port = |address: std::net::SocketAddr| format!(":{:04X}", address.port());
    let (ours, theirs) = (port(service.address), port(client.0.local_addr().unwrap()));
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let socket = sockets.lines().find(|line| {
        let mut words = line.split_whitespace().skip(1);
        let mut is = |port: &str| words.next().is_some_and(|word| word.ends_with(port));
        is(&ours) && is(&theirs)
    });
    // The sixth word is the socket's timer, and when it expires: 2 is the one that asks.
    let timer = socket.and_then(|socket| socket.split_whitespace().nth(5));
    assert!(
        timer.is_some_and(|timer| timer.starts_with("02:")),
        "{timer:?}"
    );
}
