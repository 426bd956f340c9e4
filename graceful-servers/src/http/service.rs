//! Between hyper and the user's service: each request is counted, and told how to learn of the stop; each
//! answer says whether it is the last one.

use super::body::Counted;
use super::connection::{Connection, InFlight};
use super::current::within;
use super::request::Request as Record;
use axum::BoxError;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Method, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::Service;
use pin_project_lite::pin_project;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// What [`Builder::serve`](super::Builder::serve) takes: an [`axum::Router`], or any tower service of axum's
/// [`Request`] that is `Clone`, answers with bodies of type `B`, and has futures that are `Send`. Every such
/// service implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be served over HTTP",
    label = "no `axum::Router`, nor any other service of requests",
    note = "a router needs its state first: `router.with_state(state)`",
    note = "what makes services for connections, as `into_make_service` does, is no service: pass the router, and \
            call `connect_info()` on the builder for the addresses of clients",
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

/// Answers the requests of one connection, each counted while it is in flight.
pub(super) struct Answers<S, B> {
    service: S,
    connection: Arc<Connection>,
    /// Whether handlers may ask for the client's address.
    connect_info: bool,
    body: PhantomData<fn() -> B>,
}

impl<S, B> Answers<S, B> {
    pub(super) fn new(service: S, connection: Arc<Connection>, connect_info: bool) -> Self {
        Self {
            service,
            connection,
            connect_info,
            body: PhantomData,
        }
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl<S: TowerService<B>, B> Service<Request<Incoming>> for Answers<S, B> {
    type Response = Response<Counted<B, InFlight>>;
    type Error = S::Error;
    type Future = Answering<S, S::Future>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let connection = self.connection();
        let version = request.version();
        let is_connect = request.method() == Method::CONNECT;
        let record = Record::new(request.method(), request.uri());
        let in_flight = connection.begin(record, version == Version::HTTP_2);
        if let Some(peer) = connection.peer().filter(|_| self.connect_info) {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        Answering {
            call: Call::Asked {
                service: self.service.clone(),
                request: Some(request),
            },
            version,
            is_connect,
            in_flight: Some(in_flight),
        }
    }
}

pin_project! {
    /// An answer that is being made.
    pub(super) struct Answering<S, F> {
        // Dropped first: what the handler's destructors do belongs to the request.
        #[pin]
        call: Call<S, F>,
        version: Version,
        is_connect: bool,
        in_flight: Option<InFlight>,
    }
}

pin_project! {
    /// As hyper-util's `TowerToHyperService`, and the body as axum has it. In one piece: each other layer would move the whole
    /// request once more.
    #[project = CallProjected]
    enum Call<S, F> {
        Asked {
            service: S,
            request: Option<Request<Incoming>>,
        },
        Called {
            #[pin]
            answer: F,
        },
    }
}

impl<S: tower_service::Service<Request>> Call<S, S::Future> {
    fn poll(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Result<S::Response, S::Error>> {
        loop {
            match self.as_mut().project() {
                CallProjected::Called { answer } => return answer.poll(task),
                CallProjected::Asked { service, request } => {
                    ready!(service.poll_ready(task))?;
                    let request = request.take().expect("a call that panicked is not polled");
                    let answer = service.call(request.map(body));
                    self.set(Self::Called { answer });
                }
            }
        }
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

impl<S, B> Future for Answering<S, S::Future>
where
    S: tower_service::Service<Request, Response = Response<B>>,
{
    type Output = Result<Response<Counted<B, InFlight>>, S::Error>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let asked = this.in_flight.as_ref();
        if asked.is_some_and(|one| one.connection().is_cut()) {
            // It may have waited for others that are cut too, and what it needs may be closed. Its connection is dropped.
            return Poll::Pending;
        }
        let mut answer = ready!(within(this.in_flight, || this.call.poll(task)))?;
        // Nobody polls it again.
        let in_flight = this.in_flight.take();
        let is_tunnel = *this.is_connect && answer.status().is_success();
        let is_http1 = *this.version <= Version::HTTP_11;
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS || (is_tunnel && is_http1) {
            if let Some(in_flight) = in_flight {
                in_flight.upgrade();
            }
            return Poll::Ready(Ok(answer.map(|body| Counted::new(body, None))));
        }
        if is_tunnel {
            if let Some(in_flight) = &in_flight {
                in_flight.connection().has_upgraded();
            }
        }
        let leaves = in_flight
            .as_ref()
            .is_some_and(|one| one.connection().server().leaves());
        if leaves && is_http1 {
            // hyper closes the connection after it.
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(CONNECTION, close);
            // To an answer in HTTP/1.1 it would add that a client of HTTP/1.0 is kept, where that has asked for it.
            *answer.version_mut() = *this.version;
        }
        Poll::Ready(Ok(answer.map(|body| Counted::new(body, in_flight))))
    }
}
