//! Who finds the stop of the server that a request came to.

use crate::harness::{LIMIT, LONG, Service};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use graceful::Embedded;
use graceful::http::Stopping;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::timeout;
use tower::service_fn;

/// As long as the server serves, nothing stops; without one neither, so only the stop itself tells them apart.
async fn said_when_it_stops(stopping: Stopping) -> Response {
    stopping.requested().await;
    let remaining = stopping.remaining();
    let knows_its_limit = remaining.is_some_and(|left| left > Duration::ZERO && left <= LONG);
    Response::new(Body::from(if knows_its_limit {
        "its own server"
    } else {
        "somebody else's"
    }))
}

fn routes() -> Router {
    let plain = service_fn(async |_: Request| {
        Ok::<_, Infallible>(said_when_it_stops(Stopping::current()).await)
    });
    // What a service does before its future is polled belongs to the request too.
    let at_once = service_fn(|_: Request| {
        let stopping = Stopping::current();
        async { Ok::<_, Infallible>(said_when_it_stops(stopping).await) }
    });
    let handed_on = service_fn(async |mut request: Request| {
        request.extensions_mut().insert(Stopping::current());
        let task = tokio::spawn(async move {
            use axum::RequestExt as _;
            let Ok(stopping) = request.extract_parts::<Stopping>().await;
            said_when_it_stops(stopping).await
        });
        Ok::<_, Infallible>(task.await.unwrap())
    });
    let later = async || {
        tokio::task::yield_now().await;
        said_when_it_stops(Stopping::current()).await
    };
    Router::new()
        .route("/extractor", get(said_when_it_stops))
        .route_service("/plain", plain)
        .route_service("/at-once", at_once)
        .route_service("/handed-on", handed_on)
        .route("/later", get(later))
}

#[tokio::test]
async fn whoever_answers_a_request_finds_it() {
    for path in ["/extractor", "/plain", "/at-once", "/handed-on", "/later"] {
        // Another one in the process, which goes on: nothing but the request says which it is.
        let other = Service::start(routes()).await;
        let service = Service::start(routes()).await;
        let mut client = service.connect().await;
        client
            .send(&format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"))
            .await;
        service.in_flight(1).await;
        let stop = service.stop();
        let answer = client.rest().await;
        assert!(answer.ends_with("its own server"), "{path}: {answer}");
        stop.await.unwrap().assert_drained();
        other.stop().await.unwrap().assert_drained();
    }
}

#[tokio::test]
async fn nobody_finds_it_where_no_request_is_answered() {
    // Of a lifecycle of its own: the only one of the process would be that of another test.
    let elsewhere = Embedded::new();
    let elsewhere = elsewhere
        .handle()
        .scope(async { Stopping::current() })
        .await;
    let service = Service::start(routes()).await;
    service.stop().await.unwrap().assert_drained();
    assert!(!elsewhere.is_stopping());
    let requested = timeout(LIMIT / 20, elsewhere.requested()).await;
    assert!(
        requested.is_err(),
        "a stop of another's is taken for its own"
    );
}
