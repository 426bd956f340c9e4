//! What is between a tower service and its requests: [`TrackLayer`] counts them.

pub use super::body::Counted;
use axum::http::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use axum::http::{Request, Response, StatusCode, Version};
use graceful_runtime::{Guard, Tracker};
use pin_project_lite::pin_project;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_layer::Layer;
use tower_service::Service;

/// A tower layer that counts each request in a [`Tracker`], from its call to the last byte of its answer.
///
/// Once the tracker is closed, a request is answered with 503, `Retry-After: 1` and, in HTTP/1,
/// `Connection: close`, without reaching the service. [`left`](Tracker::left) names the
/// line that made the layer.
///
/// For a server of `graceful`'s own nothing is gained: it counts its requests itself. It is for some of the
/// routes, and for other servers.
///
/// ```
/// use axum::{Router, routing::post};
/// use graceful::{Tracker, http::layer::TrackLayer};
///
/// let payments = Tracker::new();
/// let routes: Router = Router::new()
///     .route("/pay", post(|| async { "paid" }))
///     .layer(TrackLayer::new(payments.clone()));
/// ```
#[derive(Clone, Debug)]
pub struct TrackLayer {
    tracker: Tracker,
    place: &'static Location<'static>,
}

impl TrackLayer {
    /// The layer that counts in this tracker.
    #[must_use]
    #[track_caller]
    pub fn new(tracker: Tracker) -> Self {
        Self {
            tracker,
            place: Location::caller(),
        }
    }
}

impl<S> Layer<S> for TrackLayer {
    type Service = Tracked<S>;

    fn layer(&self, inner: S) -> Tracked<S> {
        Tracked {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service whose requests are counted: [`TrackLayer`].
#[derive(Clone, Debug)]
pub struct Tracked<S> {
    inner: S,
    layer: TrackLayer,
}

impl<S, A, B> Service<Request<A>> for Tracked<S>
where
    S: Service<Request<A>, Response = Response<B>>,
    B: Default,
{
    type Response = Response<Counted<B, Guard>>;
    type Error = S::Error;
    type Future = TrackedFuture<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let TrackLayer { tracker, place } = &self.layer;
        match tracker.guard_at(place) {
            Ok(guard) => TrackedFuture {
                answer: Some(self.inner.call(request)),
                guard: Some(guard),
                closes: false,
            },
            Err(_) => TrackedFuture {
                answer: None,
                guard: None,
                closes: request.version() <= Version::HTTP_11,
            },
        }
    }
}

pin_project! {
    /// The answer of a [`Tracked`] service.
    pub struct TrackedFuture<F> {
        // Dropped first: what the handler's destructors do belongs to the request.
        #[pin]
        answer: Option<F>,
        guard: Option<Guard>,
        closes: bool,
    }
}

impl<F, B, E> Future for TrackedFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
{
    type Output = Result<Response<Counted<B, Guard>>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = match this.answer.as_pin_mut() {
            Some(answer) => ready!(answer.poll(task))?,
            None => refusal(*this.closes),
        };
        let guard = this.guard.take();
        Poll::Ready(Ok(answer.map(|body| Counted::new(body, guard))))
    }
}

fn refusal<B: Default>(closes: bool) -> Response<B> {
    let mut answer = Response::new(B::default());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    if closes {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

impl<F> fmt::Debug for TrackedFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackedFuture").finish_non_exhaustive()
    }
}
