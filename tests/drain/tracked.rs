//! The tracking layer, under whichever server.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use graceful::Tracker;
use graceful::http::layer::TrackLayer;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::Notify;

use std::sync::Arc;

#[tokio::test]
async fn a_request_is_in_flight_until_its_answer_is_dropped_and_then_refused() {
    let tracker = Tracker::new();
    let go_on = Arc::new(Notify::new());
    let goes_on = go_on.clone();
    let routes = Router::new()
        .route(
            "/",
            get(async move || {
                goes_on.notified().await;
                "hello"
            }),
        )
        .layer(TrackLayer::new(tracker.clone()));
    let service = TowerToHyperService::new(routes);
    let request = || Request::new(Body::empty());

    let answer = tokio::spawn(service.call(request()));
    while tracker.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(tracker.left()[0].place.file(), file!());
    tracker.close();
    go_on.notify_one();
    let answer = answer.await.unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    // Its body is still to be sent.
    assert_eq!(tracker.len(), 1);
    drop(answer);
    tracker.wait().await;

    let refused = service.call(request()).await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[header::CONNECTION], "close");
    assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
}
