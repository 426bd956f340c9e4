//! Connections that the kernel has accepted and the server has not.

use crate::harness::{Client, LIMIT, LONG, LOST, Service, until};
use axum::Router;
use axum::routing::get;
use graceful::Embedded;
use graceful::http::{Builder, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

fn routes() -> Router {
    Router::new().route(
        "/",
        get(async || {
            sleep(Duration::from_millis(20)).await;
            "hello"
        }),
    )
}

/// One is served at a time, so that the others wait in the queue.
async fn service_with_a_queue() -> Service {
    Service::start_with(|server| server.max_connections(1), routes()).await
}

#[tokio::test]
async fn they_are_answered() {
    let service = service_with_a_queue().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = service.connect().await;
        client.send(REQUEST).await;
        clients.push(client);
    }
    let stop = service.stop();
    for mut client in clients {
        let answer = client.rest().await;
        assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
    }
    stop.await.unwrap().assert_drained();
}

/// Nobody waits for as long as those who were there before are answered.
#[tokio::test]
async fn whoever_comes_while_they_wait_is_refused_at_once() {
    let routes = routes().route(
        "/slow",
        get(async || {
            sleep(3 * LIMIT).await;
            "done"
        }),
    );
    let service = Service::start_with(|server| server.max_connections(1), routes).await;
    let address = service.address;
    let mut first = service.connect().await;
    first.send("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    service.in_flight(1).await;
    let mut waits = service.connect().await;
    waits.send(REQUEST).await;
    let server = service.server.clone();
    let stop = service.stop();
    Service::closes(&server).await;
    sleep(LIMIT / 10).await;
    let late = timeout(2 * LIMIT, TcpStream::connect(address)).await;
    assert!(late.expect("it is refused at once").is_err());
    assert!(first.rest().await.ends_with("done"));
    assert!(waits.rest().await.ends_with("hello"));
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn whoever_comes_after_that_is_refused() {
    let service = service_with_a_queue().await;
    let address = service.address;
    service.stop().await.unwrap().assert_drained();
    assert!(TcpStream::connect(address).await.is_err());
}

const CLIENTS: usize = 64;

/// A client that connects again and again sees answers, and then that nobody is there: never a connection
/// that ends without an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_established_connection_is_cut() {
    for _ in 0..5 {
        // A client that the machine holds up for longer than the idle grace would be cut.
        let patient = |server: Builder| server.idle_grace(LONG);
        let routes = Router::new().route("/", get("hello"));
        let service = Service::start_with(patient, routes).await;
        let address = service.address;
        let answered = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let answered = answered.clone();
                tokio::spawn(async move {
                    // A filtered SYN is sent again after a second; then the port is closed.
                    while let Ok(stream) = TcpStream::connect(address).await {
                        let mut client = Client(stream);
                        client.send(REQUEST).await;
                        let answer = client.read_to("hello").await;
                        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        // Several each: some are on their way whenever it stops.
        until(|| answered.load(Ordering::Relaxed) > 3 * CLIENTS).await;
        let stop = service.stop();
        for client in clients {
            timeout(LOST, client).await.unwrap().unwrap();
        }
        stop.await.unwrap().assert_drained();
    }
}

/// As with socket activation: the next process serves on the same listener.
#[tokio::test]
async fn a_listener_that_others_hold_too_serves_them_afterwards() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = listener.try_clone().unwrap();
    let life = Embedded::new();
    let first = Server::listen_on(ours).unwrap().lifecycle(life.handle());
    life.run(first.serve(routes()));
    assert!(life.stop(LOST).await.is_clean());
    let address = listener.local_addr().unwrap();
    let next = Server::listen_on(listener).unwrap().serve(routes());
    let connect = TcpStream::connect(address);
    let stream = timeout(LOST, connect).await;
    let mut client = Client(stream.expect("its clients are turned away").unwrap());
    client.send(REQUEST).await;
    client.read_to("hello").await;
    drop(next);
}

#[tokio::test]
async fn any_number_of_connections_may_be_the_most() {
    for most in [0, usize::MAX] {
        let service = Service::start_with(|server| server.max_connections(most), routes()).await;
        let mut client = service.connect().await;
        client.send(REQUEST).await;
        client.read_to("hello").await;
        service.stop().await.unwrap().assert_drained();
    }
}
