//! Between hyper and the user's service: each request is counted, and told how to learn of the stop; each
//! answer says whether it is the last one.

use super::body::Counted;
use super::connection::{Connection, InFlight};
use super::current::within;
use super::handler::Handler;
use super::request::Request as Record;
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::Service;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Answers the requests of one connection, each counted while it is in flight.
pub(super) struct Answers<H> {
    handler: H,
    connection: Arc<Connection>,
    /// Whether handlers may ask for the client's address.
    connect_info: bool,
}

impl<H> Answers<H> {
    pub(super) fn new(handler: H, connection: Arc<Connection>, connect_info: bool) -> Self {
        Self {
            handler,
            connection,
            connect_info,
        }
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl<H: Handler> Service<Request<Incoming>> for Answers<H> {
    type Response = Response<Counted<H::Body, InFlight>>;
    type Error = H::Error;
    type Future = Answering<H, H::Answer>;

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
                handler: self.handler.clone(),
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
    pub(super) struct Answering<H, F> {
        // Dropped first: what the handler's destructors do belongs to the request.
        #[pin]
        call: Call<H, F>,
        version: Version,
        is_connect: bool,
        in_flight: Option<InFlight>,
    }
}

pin_project! {
    /// As hyper-util's `TowerToHyperService`. In one piece: each other layer would move the whole request once more.
    #[project = CallProjected]
    enum Call<H, F> {
        Asked {
            handler: H,
            request: Option<Request<Incoming>>,
        },
        Called {
            #[pin]
            answer: F,
        },
    }
}

impl<H: Handler> Call<H, H::Answer> {
    fn poll(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Result<Response<H::Body>, H::Error>> {
        loop {
            match self.as_mut().project() {
                CallProjected::Called { answer } => return answer.poll(task),
                CallProjected::Asked { handler, request } => {
                    ready!(handler.poll_ready(task))?;
                    let request = request.take().expect("a call that panicked is not polled");
                    let answer = handler.call(request);
                    self.set(Self::Called { answer });
                }
            }
        }
    }
}

impl<H: Handler> Future for Answering<H, H::Answer> {
    type Output = Result<Response<Counted<H::Body, InFlight>>, H::Error>;

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
