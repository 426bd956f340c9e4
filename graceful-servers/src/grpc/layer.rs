//! Between the connections and tonic's services: [`CallLayer`] gives each call its deadline, and tells it of the stop.

use super::deadline::{GivenUp, of_client};
pub use super::last_word::LastWord;
use super::last_word::is_call;
use crate::http::Stopping;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Request, Response};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::task::{Unconstrained, unconstrained};
use tokio::time::{Instant, Sleep, sleep};
use tonic::Status;
use tonic::transport::server::TcpConnectInfo;
use tower_layer::Layer;
use tower_service::Service;

/// What makes gRPC of the requests that a [`http::Server`](crate::http::Server) passes on: for one
/// that serves other routes beside; [`Server`](super::Server) has it already.
///
/// ```no_run
/// # async fn start(greeter: tonic::service::Routes) -> std::io::Result<()> {
/// use axum::{Router, routing::get};
/// use tower::Layer;
///
/// let calls = graceful::grpc::layer::CallLayer::new().layer(greeter);
/// let routes = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .fallback_service(calls);
/// let server = graceful::http::Server::bind("0.0.0.0:3000").await?.serve(routes);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct CallLayer(());

impl CallLayer {
    /// The layer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for CallLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls { inner }
    }
}

/// The service of [`CallLayer`].
#[derive(Clone, Debug)]
pub struct Calls<S> {
    inner: S,
}

impl<S, B> Service<Request<Body>> for Calls<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    B: Default,
{
    type Response = Response<LastWord<B>>;
    type Error = S::Error;
    type Future = Call<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let headers = request.headers();
        let timeout = of_client(headers).filter(|_| is_call(headers));
        let content_type = timeout.and_then(|_| headers.get(CONTENT_TYPE).cloned());
        let extensions = request.extensions_mut();
        let stopping = Stopping::of_request(extensions);
        // A handler may pass its request to another task before it asks.
        extensions.insert(stopping.clone());
        if let Some(peer) = stopping.peer() {
            // Where tonic's own requests look for it.
            extensions.insert(TcpConnectInfo {
                local_addr: None,
                remote_addr: Some(peer),
            });
        }
        if let Some(timeout) = timeout {
            extensions.insert(GivenUp(Instant::now() + timeout));
        }
        Call {
            answer: self.inner.call(request),
            timeout: timeout.map(|timeout| unconstrained(sleep(timeout))),
            content_type,
            stopping: Some(stopping),
        }
    }
}

pin_project! {
    /// A call that is being answered.
    #[must_use = "it does nothing unless polled"]
    pub struct Call<F> {
        #[pin]
        answer: F,
        // Whatever the handler has left of the task's budget: with none left it would not be noticed.
        #[pin]
        timeout: Option<Unconstrained<Sleep>>,
        content_type: Option<HeaderValue>,
        stopping: Option<Stopping>,
    }
}

impl<F, B, E> Future for Call<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
{
    type Output = Result<Response<LastWord<B>>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = match (this.answer.poll(task), this.timeout.as_pin_mut()) {
            (Poll::Ready(answer), _) => answer?,
            (Poll::Pending, None) => return Poll::Pending,
            (Poll::Pending, Some(timeout)) => {
                ready!(timeout.poll(task));
                let status = Status::deadline_exceeded("the client's deadline has passed");
                let mut answer = status.into_http();
                // In the client's own form, gRPC-Web's too.
                if let Some(content_type) = this.content_type.take() {
                    answer.headers_mut().insert(CONTENT_TYPE, content_type);
                }
                answer
            }
        };
        // Nobody polls it again.
        let stopping = this.stopping.take().unwrap_or_else(Stopping::of_lifecycle);
        Poll::Ready(Ok(LastWord::of(answer, stopping)))
    }
}

impl<F> fmt::Debug for Call<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::time::Duration;
    use tokio::task::consume_budget;
    use tokio::time::timeout;

    /// Its handler spends the task's whole budget each time, and a timer needs some to be noticed.
    #[tokio::test]
    async fn a_call_that_is_never_at_rest_ends_at_its_clients_deadline() {
        let busy = tower::service_fn(
            async |_: Request<Body>| -> Result<Response<Body>, Infallible> {
                loop {
                    consume_budget().await;
                }
            },
        );
        let request = Request::builder()
            .header(CONTENT_TYPE, "application/grpc")
            .header("grpc-timeout", "50m");
        let request = request.body(Body::empty()).expect("a request");
        let call = tokio::spawn(CallLayer::new().layer(busy).call(request));
        let answer = timeout(Duration::from_secs(20), call).await;
        let answer = answer.expect("it has a deadline").expect("no panic");
        assert_eq!(
            answer.expect("it is answered").headers()["grpc-status"],
            "4"
        );
    }
}
