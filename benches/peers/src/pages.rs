//! What the servers of `servers/` answer.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::sleep;

/// What the stop of a server may take, where it can be said.
pub const LIMIT: Duration = Duration::from_secs(2);

/// `/` at once, `/slow` after 200 ms, `/endless` for as long as the client stays.
pub fn routes() -> Router {
    Router::new()
        .route("/", get(async || "hello"))
        .route(
            "/slow",
            get(async || {
                sleep(Duration::from_millis(200)).await;
                "done"
            }),
        )
        .route("/endless", get(async || Body::from_stream(Endless::new())))
}

/// A line every 50 ms.
struct Endless(std::pin::Pin<Box<tokio::time::Sleep>>);

const PAUSE: Duration = Duration::from_millis(50);

impl Endless {
    fn new() -> Self {
        Self(Box::pin(sleep(PAUSE)))
    }
}

impl futures_core::Stream for Endless {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::ready!(self.0.as_mut().poll(cx));
        self.0.set(sleep(PAUSE));
        std::task::Poll::Ready(Some(Ok(Bytes::from_static(b"still here\n"))))
    }
}
