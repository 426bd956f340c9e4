//! Clients that speak HTTP/1.1.

use crate::harness::{LIMIT, Service};
use axum::Router;
use axum::routing::{get, post};
use std::time::Duration;
use tokio::time::sleep;

const QUICK: &str = "GET /quick HTTP/1.1\r\nhost: a\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n";

/// `/slow` takes a good part of the limit, `/hangs` longer than that.
fn routes() -> Router {
    Router::new()
        .route("/quick", get(|| async { "quick" }))
        .route("/slow", get(after(LIMIT / 4)))
        .route("/hangs", get(after(10 * LIMIT)))
        .route(
            "/length",
            post(|body: String| async move { body.len().to_string() }),
        )
}

fn after(
    time: Duration,
) -> impl Fn() -> std::pin::Pin<Box<dyn Future<Output = &'static str> + Send>> + Clone {
    move || {
        Box::pin(async move {
            sleep(time).await;
            "done"
        })
    }
}

#[tokio::test]
async fn a_request_in_flight_is_answered_and_told_that_it_is_the_last() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(SLOW).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send(QUICK).await;
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
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    service.connections(1).await;
    let stop = service.stop();
    sleep(Duration::from_millis(50)).await;
    client.send(QUICK).await;
    let answer = client.rest().await;
    assert!(answer.ends_with("\r\n\r\nquick"), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn half_a_request_line_ends_at_the_limit() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client.send("GET /quick HT").await;
    service.connections(1).await;
    let stop = service.stop();
    assert!(client.ends_silently().await);
    stop.await
        .unwrap()
        .assert_cut(&["1 in flight: half a request from 127.0.0.1"]);
}

#[tokio::test]
async fn a_request_that_takes_longer_than_the_limit_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = service.connect().await;
    client
        .send("GET /hangs?token=secret HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    service.in_flight(1).await;
    let stop = service.stop();
    assert!(client.ends_silently().await);
    let stopped = stop.await.unwrap();
    stopped.assert_cut(&["1 in flight: GET /hangs (2."]);
    assert!(
        !stopped.report.to_string().contains("secret"),
        "{}",
        stopped.report
    );
}
