//! What had not begun when the limit passed does not begin afterwards: the fields that close next may be what it needs.

use crate::harness::{Client, LIMIT, LOST, Service, until};
use crate::http2;
use axum::Router;
use axum::routing::get;
use graceful::http::Server;
use graceful::{Embedded, Outcome};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tower::limit::GlobalConcurrencyLimitLayer;

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// Routes whose handler never ends, and how often it has begun.
fn routes() -> (Router, Arc<AtomicUsize>) {
    let begun = Arc::new(AtomicUsize::new(0));
    let begins = begun.clone();
    let hangs = async move || {
        begins.fetch_add(1, Ordering::Relaxed);
        pending::<()>().await;
    };
    (Router::new().route("/", get(hangs)), begun)
}

#[tokio::test]
async fn a_connection_that_waited_for_another_one_is_not_served() {
    let (routes, begun) = routes();
    let service = Service::start_with(|server| server.max_connections(1), routes).await;
    let server = service.server.clone();
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = service.connect().await;
        client.send(REQUEST).await;
        clients.push(client);
    }
    service.in_flight(1).await;
    service
        .stop_within(LIMIT)
        .await
        .unwrap()
        .assert_cut(&["GET /"]);
    for mut client in clients {
        assert!(client.ends_silently().await);
    }
    until(|| server.connections() == 0).await;
    assert_eq!(begun.load(Ordering::Relaxed), 1);
}

/// The drop of the first one makes room for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_is_a_request_that_waited_for_another_one() {
    let (routes, begun) = routes();
    let service = Service::start(routes.layer(GlobalConcurrencyLimitLayer::new(1))).await;
    let (sender, _connection) = http2::connect(&service).await;
    let asked: Vec<_> = (0..50)
        .map(|_| tokio::spawn(http2::ask(sender.clone(), "/")))
        .collect();
    service.in_flight(50).await;
    service
        .stop_within(LIMIT)
        .await
        .unwrap()
        .assert_cut(&["50 × GET /"]);
    for answer in asked {
        assert!(timeout(LOST, answer).await.unwrap().unwrap().is_err());
    }
    assert_eq!(begun.load(Ordering::Relaxed), 1);
}

/// A runtime that has no turn for the server's own task closes no listener either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_is_one_that_waits_in_the_queue_of_a_server_that_had_no_turn() {
    let (routes, begun) = routes();
    let life = Embedded::new();
    let (handle, (send, started)) = (life.handle(), mpsc::channel());
    let (goes_on, blocked) = mpsc::channel::<()>();
    let runtime = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let server = Server::bind("127.0.0.1:0").await.unwrap();
            send.send(server.lifecycle(handle).serve(routes)).unwrap();
            blocked.recv().unwrap();
            sleep(LIMIT / 4).await;
        });
    });
    let server = started.recv().unwrap();
    let address = server.local_addr().unwrap();
    life.run(server.clone());
    let mut client = Client(TcpStream::connect(address).await.unwrap());
    client.send(REQUEST).await;
    let report = timeout(LOST, life.stop(LIMIT / 2)).await.unwrap();
    let step = report.leaves().next().unwrap();
    assert!(matches!(step.outcome, Outcome::TimedOut), "{report}");
    let left = step.progress.as_deref();
    assert_eq!(left, Some("it still listens"), "{report}");
    goes_on.send(()).unwrap();
    assert!(client.ends_silently().await);
    tokio::task::spawn_blocking(|| runtime.join().unwrap())
        .await
        .unwrap();
    assert_eq!(begun.load(Ordering::Relaxed), 0);
}
