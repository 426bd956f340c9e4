//! Clients that speak HTTP/1.1.

use crate::harness::{Client, LIMIT, LONG, Service, works_into_the_close};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::routing::{get, post};
use futures_util::Stream;
use graceful::http::Stopping;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Interval, interval, sleep};

/// `/slow` works into the close, `/hangs` longer than the limit, `/length` says how long the body is, `/flood` and `/events` have
/// no end.
fn routes() -> Router {
    Router::new()
        .route("/quick", get("quick"))
        .route("/slow", get(works_into_the_close))
        .route("/hangs", get(async || sleep(10 * LIMIT).await))
        .route("/length", post(async |body: String| body.len().to_string()))
        .route("/flood", get(async || Body::from_stream(Flood)))
        .route("/events", get(async || Body::from_stream(Ticks::new())))
        .route(
            "/polite-events",
            get(async |stopping: Stopping| Body::from_stream(stopping.until(Ticks::new()))),
        )
}

/// A request without a body.
fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

/// More than any buffer holds.
struct Flood;

impl Stream for Flood {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(Bytes::from_static(&[b'x'; 1 << 14]))))
    }
}

/// An event now and then.
struct Ticks(Interval);

impl Ticks {
    fn new() -> Self {
        Self(interval(Duration::from_millis(20)))
    }
}

impl Stream for Ticks {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let tick = self.0.poll_tick(task);
        tick.map(|_| Some(Ok(Bytes::from_static(b"data: tick\n\n"))))
    }
}

#[tokio::test]
async fn a_request_in_flight_is_answered_and_told_that_it_is_the_last() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/slow")).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    stop.await.unwrap().assert_drained();
}

/// hyper would add `keep-alive`, which such a client asks for: it would wait for more, or send it.
#[tokio::test]
async fn a_client_of_http_1_0_that_asks_to_be_kept_is_told_that_it_is_not() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    let asked = "GET /slow HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
    client.send(asked).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let answer = client.rest().await;
    let told = answer.matches("connection: ").count();
    assert!(
        answer.contains("connection: close\r\n") && told == 1,
        "{answer}"
    );
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/quick")).await;
    client.read_to("quick").await;
    let stop = service.stop();
    assert_eq!(client.rest().await, "");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_connection_that_never_speaks_is_closed() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    service.connections(1).await;
    let stop = service.stop();
    assert_eq!(client.rest().await, "");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn the_first_request_of_an_accepted_connection_is_answered() {
    let service = Service::start_with(|server| server.idle_grace(LONG), routes()).await;
    let mut client = service.connect().await;
    service.connections(1).await;
    let stop = service.stop_begun().await;
    client.send(&request("/quick")).await;
    let answer = client.rest().await;
    assert!(answer.ends_with("\r\n\r\nquick"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_request_that_takes_longer_than_the_limit_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client
        .send("GET /hangs?token=secret HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    service.in_flight(1).await;
    let stop = service.stop_within(LIMIT);
    assert!(client.ends_silently().await);
    let stopped = stop.await.unwrap();
    stopped.assert_cut(&["1 in flight: GET /hangs ("]);
    assert!(
        !stopped.report.to_string().contains("secret"),
        "{}",
        stopped.report
    );
}

#[tokio::test]
async fn the_next_request_of_a_kept_connection_is_answered() {
    let service = Service::start_with(|server| server.idle_grace(LONG), routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/quick")).await;
    client.read_to("quick").await;
    let stop = service.stop_begun().await;
    client.send(&request("/quick")).await;
    let answer = client.rest().await;
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("quick"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn of_pipelined_requests_one_is_answered_and_says_that_it_is_the_last() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    let pipelined = [request("/slow"), request("/quick"), request("/quick")];
    client.send(&pipelined.concat()).await;
    service.in_flight(1).await;
    let stop = service.stop();
    // To the end of the connection without a reset, though two requests are not read.
    let answer = client.rest().await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 1, "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("done"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_body_that_goes_on_is_read_to_its_end() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    let head = "POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    client.send(head).await;
    client.send("5\r\nhello\r\n").await;
    service.in_flight(1).await;
    let stop = service.stop();
    for _ in 0..10 {
        sleep(LIMIT / 40).await;
        client.send("5\r\nhello\r\n").await;
    }
    client.send("0\r\n\r\n").await;
    let answer = client.rest().await;
    assert!(answer.ends_with("\r\n\r\n55"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_body_that_stalls_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    let head = "POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhello";
    client.send(head).await;
    service.in_flight(1).await;
    let stop = service.stop_within(LIMIT);
    assert!(client.ends_silently().await);
    stop.await.unwrap().assert_cut(&["POST /length"]);
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/flood")).await;
    client.read_to("xxx").await;
    let stop = service.stop_within(LIMIT);
    stop.await.unwrap().assert_cut(&["GET /flood"]);
}

#[tokio::test]
async fn events_that_do_not_listen_are_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/events")).await;
    client.read_to("data: tick\n\n").await;
    let stop = service.stop_within(LIMIT);
    stop.await.unwrap().assert_cut(&["GET /events"]);
}

/// In HTTP/1.0 the end of the connection is the end of the answer.
#[tokio::test]
async fn an_answer_without_a_length_is_cut_by_a_reset_and_does_not_look_complete() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send("GET /events HTTP/1.0\r\nhost: a\r\n\r\n").await;
    client.read_to("data: tick\n\n").await;
    let stop = service.stop_within(LIMIT);
    let mut rest = String::new();
    let end = client.0.read_to_string(&mut rest).await;
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
    stop.await.unwrap().assert_cut(&["GET /events"]);
}

#[tokio::test]
async fn events_that_listen_end_with_the_server() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(&request("/polite-events")).await;
    client.read_to("data: tick\n\n").await;
    let stop = service.stop();
    // The end of a chunked body: nothing is missing.
    assert!(client.rest().await.ends_with("\r\n0\r\n\r\n"));
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn the_report_counts_what_has_one_name() {
    let service = Service::start(routes()).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = service.connect().await;
        client.send(&request("/hangs")).await;
        clients.push(client);
    }
    service.in_flight(3).await;
    let stop = service.stop_within(LIMIT);
    stop.await
        .unwrap()
        .assert_cut(&["3 in flight: 3 × GET /hangs (oldest "]);
}

#[tokio::test]
async fn a_server_that_is_dropped_stops_listening_and_finishes() {
    let service = Service::start(routes()).await;
    let address = service.address;
    let mut client = service.connect().await;
    client.send(&request("/slow")).await;
    service.in_flight(1).await;
    drop(service);
    assert!(client.rest().await.ends_with("done"));
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

/// A task that ends with the last sender of a channel, say, is a field behind the server.
#[tokio::test]
async fn what_the_routes_hold_is_dropped_when_the_server_has_closed() {
    let held = Arc::new(());
    let handler = {
        let held = held.clone();
        async move |stopping: Stopping| {
            assert!(Arc::strong_count(&held) > 1);
            works_into_the_close(stopping).await
        }
    };
    let service = Service::start(Router::new().route("/slow", get(handler))).await;
    let (mut asks, idles) = (service.connect().await, service.connect().await);
    asks.send(&request("/slow")).await;
    service.in_flight(1).await;
    service.connections(2).await;
    service.stop().await.unwrap().assert_drained();
    assert_eq!(Arc::strong_count(&held), 1);
    drop((asks, idles));
}

#[tokio::test]
async fn an_answer_to_an_upload_that_nobody_reads_is_not_overtaken_by_a_reset() {
    let routes = Router::new().route(
        "/refuse",
        post(async || (StatusCode::PAYLOAD_TOO_LARGE, "no")),
    );
    let service = Service::start(routes).await;
    let Client(stream) = service.connect().await;
    let (mut read, mut write) = stream.into_split();
    let head = "POST /refuse HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000\r\n\r\n";
    write.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    read.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    // It goes on with its upload once the answer is there, and then reads it.
    for _ in 0..10 {
        write.write_all(&[b'x'; 1 << 14]).await.unwrap();
    }
    write.shutdown().await.unwrap();
    let mut rest = String::new();
    read.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("no"), "{rest}");
    service.stop().await.unwrap().assert_drained();
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_is_sent_to_its_end() {
    const LENGTH: usize = 1 << 24;
    let routes = Router::new().route("/big", get(async || vec![b'x'; LENGTH]));
    let service = Service::start(routes).await;
    let mut client = service.connect().await;
    client.send(&request("/big")).await;
    client.read_to("xxx").await;
    // All of it is in hyper's hands, and most not in the kernel's.
    service.in_flight(0).await;
    let stop = service.stop();
    sleep(LIMIT / 2).await;
    let rest = client.rest().await;
    assert_eq!(rest.len() + 3, LENGTH);
    stop.await.unwrap().assert_drained();
}

/// Both directions have ended as far as hyper is concerned, and most of the answer is still its own.
#[tokio::test]
async fn so_is_one_to_an_upload_that_nobody_reads() {
    const LENGTH: usize = 1 << 24;
    let answers_late = async |stopping: Stopping| {
        stopping.requested().await;
        vec![b'x'; LENGTH]
    };
    let service = Service::start(Router::new().route("/big", post(answers_late))).await;
    let mut client = service.connect().await;
    let head = "POST /big HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\nhalf of it";
    client.send(head).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let head = client.read_to("\r\n\r\n").await;
    assert!(head.contains("connection: close\r\n"), "{head}");
    sleep(LIMIT / 2).await;
    assert_eq!(client.rest().await.len(), LENGTH);
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_client_that_never_stops_sending_is_not_listened_to_for_ever() {
    let routes = Router::new().route("/no", post(async || StatusCode::PAYLOAD_TOO_LARGE));
    let service = Service::start(routes).await;
    let Client(stream) = service.connect().await;
    let mut stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    let floods = std::thread::spawn(move || {
        use std::io::Write as _;
        let head = b"POST /no HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000000\r\n\r\n";
        stream.write_all(head).unwrap();
        let bytes = vec![b'x'; 1 << 20];
        while stream.write_all(&bytes).is_ok() {}
    });
    service.connections(1).await;
    service.connections(0).await;
    floods.join().unwrap();
}

/// What is left of an upload that nobody reads is read for a second at most, and not to the limit.
#[tokio::test]
async fn nor_does_one_fail_the_stop_that_goes_on_sending_after_its_answer() {
    let slow = async |stopping: Stopping| {
        stopping.requested().await;
        StatusCode::PAYLOAD_TOO_LARGE
    };
    let service = Service::start(Router::new().route("/no", post(slow))).await;
    let mut client = service.connect().await;
    let head = "POST /no HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n";
    client.send(head).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let (mut read, mut write) = client.0.into_split();
    let sends = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            sleep(LIMIT / 100).await;
        }
    });
    let mut answer = String::new();
    read.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    stop.await.unwrap().assert_drained();
    sends.await.unwrap();
}

/// The client waits for the word to go on.
#[tokio::test]
async fn a_body_that_is_asked_for_during_the_close_is_read_to_its_end() {
    let service = Service::start_with(|server| server.idle_grace(LONG), routes()).await;
    let mut before = service.connect().await;
    let mut after = service.connect().await;
    service.connections(2).await;
    let head = "POST /length HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\
                transfer-encoding: chunked\r\n\r\n";
    before.send(head).await;
    service.in_flight(1).await;
    let stop = service.stop_begun().await;
    after.send(head).await;
    for client in [&mut before, &mut after] {
        let word = client.read_to("\r\n\r\n").await;
        assert_eq!(word, "HTTP/1.1 100 Continue\r\n\r\n");
        client
            .send("5\r\nhello\r\n0\r\nx-checksum: 1\r\n\r\n")
            .await;
        let answer = client.rest().await;
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n5"), "{answer}");
    }
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn half_a_head_ends_at_its_own_timeout_if_that_is_sooner() {
    let service =
        Service::start_with(|server| server.header_read_timeout(LIMIT / 4), routes()).await;
    let mut client = service.connect().await;
    client.send("GET /quick HT").await;
    service.connections(1).await;
    let stop = service.stop();
    assert!(client.ends_silently().await);
    stop.await.unwrap().assert_drained();
}
