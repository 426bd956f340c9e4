//! A program that drives hyper by hand: its service is served as it is.

use crate::harness::{LIMIT, Service};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, Response};
use graceful::http::{Builder, Stopping};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use tokio::time::sleep;

/// What hyper gives may be held across an `await`: unlike axum's body, it is `Sync`.
async fn handle(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let request = &request;
    // It is in flight when the server closes, however late that is.
    Stopping::current().requested().await;
    sleep(LIMIT / 4).await;
    let client = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = client.map_or_else(|| "nobody".to_owned(), |client| client.0.to_string());
    Ok(Response::new(Body::from(client)))
}

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

#[tokio::test]
async fn a_request_in_flight_is_answered_and_the_last_one() {
    let service = Service::serve(|http| http.connect_info().serve_hyper(service_fn(handle))).await;
    let mut client = service.connect().await;
    let own = client.0.local_addr().unwrap().to_string();
    client.send(REQUEST).await;
    service.in_flight(1).await;
    let stop = service.stop();
    let answer = client.rest().await;
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(answer.ends_with(&own), "{answer}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_request_that_hangs_is_cut_and_named() {
    let hangs = service_fn(|_| std::future::pending::<Result<Response<Body>, Infallible>>());
    let service = Service::serve(|http| http.serve_hyper(hangs)).await;
    let mut client = service.connect().await;
    client.send(REQUEST).await;
    service.in_flight(1).await;
    let stopped = service.stop_within(LIMIT).await.unwrap();
    stopped.assert_cut(&["1 in flight: GET / ("]);
    assert!(client.ends_silently().await);
}

/// What it is sent comes back, until the server stops.
async fn echo(request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    assert_eq!(request.method(), Method::POST);
    let stopping = Stopping::current();
    let parts = request.into_body().into_data_stream();
    Ok(Response::new(Body::from_stream(stopping.until(parts))))
}

#[tokio::test]
async fn a_stream_ends_with_the_server() {
    let service = Service::serve(|http| http.serve_hyper(service_fn(echo))).await;
    let mut client = service.connect().await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    client.send(&format!("{head}5\r\nhello\r\n")).await;
    client.read_to("hello").await;
    let stop = service.stop();
    assert!(client.rest().await.ends_with("0\r\n\r\n"));
    stop.await.unwrap().assert_drained();
}

/// An error ends the connection, as under hyper.
#[tokio::test]
async fn an_error_is_no_answer() {
    let fails = service_fn(async |_| Err::<Response<Body>, _>(io::Error::other("no")));
    let service = Service::serve(|http: Builder| http.serve_hyper(fails)).await;
    let mut client = service.connect().await;
    client.send(REQUEST).await;
    assert!(client.ends_silently().await);
    service.stop().await.unwrap().assert_drained();
}
