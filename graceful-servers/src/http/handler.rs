//! What answers requests: a tower service of axum's requests, or a service of hyper's.

use axum::BoxError;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::Response;
use hyper::body::Incoming;
use std::sync::Arc;
use std::task::{Context, Poll};

/// What [`Builder::serve`](super::Builder::serve) takes: an [`axum::Router`], or any tower service of axum's
/// [`Request`] that is `Clone`, answers with bodies of type `B`, and has futures that are `Send`. Every such
/// service implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be served over HTTP",
    label = "no `axum::Router`, nor any other service of requests",
    note = "a router needs its state first: `router.with_state(state)`",
    note = "what makes services for connections, as `into_make_service` does, is no service: pass the router, and \
            call `connect_info()` on the builder for the addresses of clients",
    note = "a service of hyper's, for `Request<Incoming>`, is given to `serve_hyper`",
    note = "any other type needs `tower::Service<axum::extract::Request, Response = axum::http::Response<B>>` with futures \
            that are `Send` and errors that become a `BoxError`, and has to be `Clone + Send + 'static`"
)]
pub trait TowerService<B>:
    tower_service::Service<
        Request,
        Response = Response<B>,
        Error: Into<BoxError>,
        Future: Send + 'static,
    > + Clone
    + Send
    + 'static
{
}

#[diagnostic::do_not_recommend]
impl<S, B> TowerService<B> for S
where
    S: tower_service::Service<Request, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
}

/// What a connection has of either.
pub(super) trait Handler: Clone + Send + 'static {
    type Body;
    type Error: Into<BoxError>;
    type Answer: Future<Output = Result<Response<Self::Body>, Self::Error>> + Send + 'static;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Self::Error>>;

    fn call(&mut self, request: axum::http::Request<Incoming>) -> Self::Answer;
}

#[derive(Clone)]
pub(super) struct Tower<S>(pub(super) S);

impl<S, B> Handler for Tower<S>
where
    S: tower_service::Service<Request, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    type Body = B;
    type Error = S::Error;
    type Answer = S::Future;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(task)
    }

    #[inline]
    fn call(&mut self, request: axum::http::Request<Incoming>) -> S::Future {
        self.0.call(request.map(body))
    }
}

/// As axum has it. One without bytes needs no place of its own in memory, and most requests have that.
#[inline]
fn body(body: Incoming) -> Body {
    if body.is_end_stream() {
        Body::empty()
    } else {
        Body::new(body)
    }
}

pub(super) struct Hyper<S>(Arc<S>);

impl<S> Hyper<S> {
    pub(super) fn new(service: S) -> Self {
        Self(Arc::new(service))
    }
}

impl<S> Clone for Hyper<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S, B> Handler for Hyper<S>
where
    S: hyper::service::Service<axum::http::Request<Incoming>, Response = Response<B>>,
    S: Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    type Body = B;
    type Error = S::Error;
    type Answer = S::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: axum::http::Request<Incoming>) -> S::Future {
        self.0.call(request)
    }
}
