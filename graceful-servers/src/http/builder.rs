//! How a server is set up.

use super::accept::{Accepting, Serve};
use super::connections::Connections;
use super::drive::Graces;
use super::handed_in::IntoListener;
use super::handler::{Handler, Hyper, Tower, TowerService};
use super::listener::Listener;
use super::serve::Protocols;
use super::server::Server;
use axum::body::HttpBody;
use axum::http::{Request, Response};
use axum::{BoxError, Router};
use graceful_runtime::Handle;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::Semaphore;

/// A server that listens and does not serve yet: [`Server::bind`]. Connections wait in the kernel's queue.
#[must_use = "nothing is served until `serve` is called"]
pub struct Builder {
    listener: Listener,
    http: auto::Builder<TokioExecutor>,
    name: Cow<'static, str>,
    lifecycle: Option<Handle>,
    connect_info: bool,
    graces: Graces,
    half_close_grace: Duration,
    header_read_timeout: Duration,
    max_connections: Option<usize>,
    #[cfg(feature = "http-tls")]
    tls: Option<super::tls::Tls>,
}

impl Server {
    /// Listens on a TCP address: `"0.0.0.0:3000"`, `(host, port)`, a `SocketAddr`.
    ///
    /// # Errors
    ///
    /// Those of [`TcpListener::bind`]: the address is in use, or not ours.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Builder> {
        let listener = TcpListener::bind(address).await?;
        Ok(Builder::new(Listener::Tcp {
            listener,
            is_ours: true,
        }))
    }

    /// Listens on a Unix socket. The file is removed when the server closes, unless another process has put
    /// its own there; a socket that is there already, left by a process that was killed, is replaced if nobody
    /// listens on it.
    ///
    /// # Errors
    ///
    /// Somebody listens on it, it is no socket, or the file can't be made.
    ///
    /// # Panics
    ///
    /// As [`bind`](Server::bind).
    #[cfg(unix)]
    pub async fn bind_unix(path: impl AsRef<std::path::Path>) -> io::Result<Builder> {
        let path = path.as_ref();
        Ok(Builder::new(Listener::bind_unix(path).await?))
    }

    /// Takes a listener that is there already: handed over by a supervisor, or set up by hand.
    /// One of `std` is set to non-blocking.
    ///
    /// Others may hold it too, and serve on it afterwards. So when the server closes, it takes whom the kernel
    /// has accepted, but turns nobody away: on a listener that nobody else holds, a connection may still be lost
    /// in the moment between the last accept and the close, which [`bind`](Server::bind) avoids on Linux.
    ///
    /// # Errors
    ///
    /// A listener of `std` can't be registered with the runtime.
    ///
    /// # Panics
    ///
    /// As [`bind`](Server::bind).
    pub fn listen_on(listener: impl IntoListener) -> io::Result<Builder> {
        let handed_in = listener.into_listener()?;
        Ok(Builder::new(handed_in.0))
    }
}

impl Builder {
    pub(super) fn new(listener: Listener) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        // Without a timer hyper has no timeouts.
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(None); // ours
        http.http2()
            .timer(TokioTimer::new())
            .enable_connect_protocol();
        Self {
            listener,
            http,
            name: "http".into(),
            lifecycle: Handle::try_current().ok(),
            connect_info: false,
            graces: Graces {
                idle: Duration::from_millis(250),
                half: Duration::from_secs(1),
            },
            half_close_grace: Duration::from_secs(5),
            header_read_timeout: Duration::from_secs(30),
            max_connections: None,
            #[cfg(feature = "http-tls")]
            tls: None,
        }
    }

    /// Where it listens; with port 0 in the address, which port it is.
    ///
    /// # Errors
    ///
    /// Of a Unix socket, which has no such address.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What it is called in the reason of a stop that it begins itself, because its task has panicked.
    /// Default: `http`.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// The lifecycle whose stop it takes note of, to drain while the delay passes. Default: the one that is
    /// current where the builder is made; with none or several, there is no draining before the close.
    pub fn lifecycle(mut self, handle: Handle) -> Self {
        self.lifecycle = Some(handle);
        self
    }

    /// Puts the client's address among the extensions of each request, where axum's extractor
    /// [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo) looks for it, as axum's own
    /// `into_make_service_with_connect_info` does. Over a Unix socket there is none.
    pub fn connect_info(mut self) -> Self {
        self.connect_info = true;
        self
    }

    /// The longest that an HTTP/1 client may take for the head of a request, which is also the longest that a
    /// connection is kept without one, and that a client may be silent before it has chosen a protocol. It is kept to a
    /// quarter. Default: 30 s. Not for HTTP/2, whose clients keep connections open on purpose.
    pub fn header_read_timeout(mut self, timeout: Duration) -> Self {
        self.header_read_timeout = timeout;
        self
    }

    /// How long a connection without a request may stay silent while the server closes. A client that
    /// has just connected, or just been answered, may be sending its request: within this time it is answered.
    /// Default: 250 ms.
    pub fn idle_grace(mut self, grace: Duration) -> Self {
        self.graces.idle = grace;
        self
    }

    /// How long a client may take to finish what it has begun when the server closes: the head of a request, or a
    /// TLS handshake. Then its connection is closed, and counted in the report. Default: 1 s; at most the
    /// [`header_read_timeout`](Self::header_read_timeout), and in any case shortly before the limit of the server's step, which is not missed for such a client.
    pub fn half_request_grace(mut self, grace: Duration) -> Self {
        self.graces.half = grace;
        self
    }

    /// How long the answer may take, or pause, for an HTTP/1 client that has closed its own side of the connection after its
    /// request: health checks do this, and are answered. Over TCP a client that has gone for good looks the same until
    /// something is sent to it: its request goes on for this long, and is dropped then. Where the kernel tells that it has
    /// gone (it reset the connection, or closed its end of a Unix socket), the request is dropped at once. Default: 5 s.
    pub fn half_close_grace(mut self, grace: Duration) -> Self {
        self.half_close_grace = grace;
        self
    }

    /// The most connections that are served at the same time, upgraded ones included, and at least one; more wait
    /// in the kernel's queue, and from there are taken when the server closes. Default: no limit but the process's own.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = Some(connections.clamp(1, Semaphore::MAX_PERMITS));
        self
    }

    /// TLS, with a handshake that may take 10 s: a `rustls::ServerConfig`, one in an `Arc`, or a [`Tls`](super::Tls)
    /// whose certificates can be reloaded. Handlers extract [`TlsInfo`](super::TlsInfo).
    #[cfg(feature = "http-tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http-tls")))]
    pub fn tls(mut self, tls: impl Into<super::tls::Tls>) -> Self {
        self.tls = Some(tls.into());
        self
    }

    /// Everything else that hyper can be told: sizes, HTTP/2 windows, keep-alive pings.
    ///
    /// ```no_run
    /// # async fn start() -> std::io::Result<()> {
    /// let server = graceful::http::Server::bind("0.0.0.0:3000").await?.configure(|http| {
    ///     http.http1().max_headers(50);
    ///     http.http2().max_concurrent_streams(100);
    /// });
    /// # Ok(()) }
    /// ```
    pub fn configure(mut self, configure: impl FnOnce(&mut auto::Builder<TokioExecutor>)) -> Self {
        configure(&mut self.http);
        self
    }

    /// Serves, from now on: an [`axum::Router`], or any tower service that takes axum's
    /// [`Request`](axum::extract::Request). Handlers extract [`Stopping`](super::Stopping).
    ///
    /// Should the task that accepts connections panic, the stop begins, as with
    /// [`critical`](graceful_runtime::critical).
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time.
    pub fn serve<S, B>(self, service: S) -> Server
    where
        S: TowerService<B>,
        B: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let mut service = service;
        let any: &mut dyn Any = &mut service;
        if let Some(router) = any.downcast_mut::<Router>() {
            // Its handlers become routes here, as under `axum::serve`, and not in each request.
            *router = std::mem::take(router).with_state(());
        }
        self.start(Tower(service))
    }

    /// Serves a service of hyper's, as a program that drives hyper by hand has one: `hyper::service::service_fn`, or a type
    /// that implements [`Service`](hyper::service::Service) for `Request<Incoming>`. It is one for all connections:
    /// the client's address is among the extensions of each request, with [`connect_info`](Self::connect_info). Handlers find
    /// [`Stopping::current`](super::Stopping::current).
    ///
    /// ```no_run
    /// use axum::{body::Body, extract::ConnectInfo, http::{Request, Response}};
    /// use graceful::http::Server;
    /// use hyper::{body::Incoming, service::service_fn};
    /// use std::{convert::Infallible, net::SocketAddr};
    ///
    /// async fn handle(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    ///     let client = request.extensions().get::<ConnectInfo<SocketAddr>>();
    ///     Ok(Response::new(Body::from(format!("hello, {client:?}"))))
    /// }
    ///
    /// # async fn start() -> std::io::Result<Server> {
    /// let http = Server::bind("0.0.0.0:3000").await?.connect_info().serve_hyper(service_fn(handle));
    /// # Ok(http) }
    /// ```
    ///
    /// # Panics
    ///
    /// As [`serve`](Self::serve).
    pub fn serve_hyper<S, B>(self, service: S) -> Server
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        self.start(Hyper::new(service))
    }

    fn start<H>(self, handler: H) -> Server
    where
        H: Handler,
        H::Body: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let protocols = Arc::new(Protocols {
            http: self.http,
            connect_info: self.connect_info,
            graces: Graces {
                // Nothing looks for heads once the listener is closed.
                half: self.graces.half.min(self.header_read_timeout),
                ..self.graces
            },
            #[cfg(feature = "http-tls")]
            tls: self.tls,
        });
        let serve: Serve = Box::new(move |io| {
            tokio::spawn(protocols.clone().serve(io, handler.clone()));
        });
        let accepting = Accepting {
            listener: self.listener,
            header_read_timeout: self.header_read_timeout,
            permits: self
                .max_connections
                .map(|most| Arc::new(Semaphore::new(most))),
            connections: Arc::new(Connections::new(self.lifecycle, self.half_close_grace)),
            serve,
        };
        Server::start(accepting, self.name)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("local_addr", &self.local_addr())
            .finish_non_exhaustive()
    }
}
