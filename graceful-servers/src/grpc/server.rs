//! The server: a field of the state.

use super::layer::CallLayer;
use crate::http;
use graceful_runtime::{Context, Result, SharedShutdown, Shutdown};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::ToSocketAddrs;
use tonic::service::Routes;
use tower_layer::Layer as _;

/// A gRPC server that runs from the moment it is made, and drains when it is closed.
///
/// It is a handle: clones are the same server. Like [`http::Server`], which it is over, it stops listening when the last
/// one is dropped.
///
/// ```no_run
/// use graceful::grpc::{Health, Server};
/// # async fn greeter() -> tonic::service::Routes { todo!() }
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     grpc: Server,
/// }
///
/// #[graceful::main]
/// async fn main() -> std::io::Result<App> {
///     // `Routes::new(GreeterServer::new(greeter)).add_service(…)`
///     let routes = greeter().await.add_service(Health::new().service());
///     let grpc = Server::bind("0.0.0.0:50051").await?.serve(routes);
///     Ok(App { grpc })
/// }
/// ```
///
/// # How it is closed
///
/// 1. **While the `delay` passes** it serves on; [`Health`](super::Health) says `NOT_SERVING`, and clients that are
///    idle are sent GOAWAY: they open another connection, elsewhere where they can. One that calls
///    without a pause would lose calls by that, and is left alone, as one is that has connected meanwhile.
/// 2. **When its step begins** it takes the connections that the kernel has accepted, stops listening, and sends
///    GOAWAY on all. What clients had sent before they learned of it is answered: the first GOAWAY names no last
///    call, the second one does, a round trip later ([RFC 9113, section 6.8][goaway]). [`stopping`](super::stopping) tells
///    the handlers.
/// 3. **Shortly before the step's limit** streams that go on are ended with `UNAVAILABLE`, which allows
///    clients to try again. How many they were stands in the report.
/// 4. **At the limit** the rest is cut, and named in the report.
///
/// The transport is [`http::Server`]'s, not `tonic::transport::Server`: see [`Builder::http`] for what
/// can be set, TLS included. A client's `grpc-timeout` is kept, with the status `DEADLINE_EXCEEDED`, until
/// the answer begins: a stream that goes on past it is ended by its client.
/// `Request::remote_addr` works; `local_addr` and `peer_certs` have nothing to say. The client's certificate is
/// in `TlsInfo::of(request.extensions())` of [`http`](crate::http).
///
/// [goaway]: https://www.rfc-editor.org/rfc/rfc9113#section-6.8
#[derive(Clone, Debug)]
#[must_use = "it stops listening when it is dropped: keep it in the state"]
pub struct Server {
    http: http::Server,
}

/// A server that listens and does not serve yet: [`Server::bind`].
#[derive(Debug)]
#[must_use = "nothing is served until `serve` is called"]
pub struct Builder(http::Builder);

impl Server {
    /// Listens on a TCP address: `"0.0.0.0:50051"`, `(host, port)`, a `SocketAddr`.
    ///
    /// # Errors
    ///
    /// The address is in use, or not ours.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Builder> {
        http::Server::bind(address).await.map(Builder::new)
    }

    /// Listens on a Unix socket, for clients on the same machine. What becomes of its file is said at
    /// [`http::Server::bind_unix`]. `Request::remote_addr` is `None`.
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
        http::Server::bind_unix(path).await.map(Builder::new)
    }

    /// Takes a listener that is there already: handed over by a supervisor, or set up by hand. What differs is said at
    /// [`http::Server::listen_on`].
    ///
    /// # Errors
    ///
    /// A listener of `std` can't be registered with the runtime.
    ///
    /// # Panics
    ///
    /// As [`bind`](Server::bind).
    pub fn listen_on(listener: impl http::IntoListener) -> io::Result<Builder> {
        http::Server::listen_on(listener).map(Builder::new)
    }

    /// Where it listens; with port 0 in the address, which port it is.
    ///
    /// # Errors
    ///
    /// Of a Unix socket, which has no such address.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.http.local_addr()
    }

    /// How many calls are in flight, streams included: a snapshot.
    pub fn in_flight(&self) -> usize {
        self.http.in_flight()
    }

    /// How many connections are open: a snapshot.
    pub fn connections(&self) -> usize {
        self.http.connections()
    }
}

impl Builder {
    fn new(http: http::Builder) -> Self {
        Self(http.name("grpc"))
    }

    /// Sets the connections up: limits, TLS, HTTP/2's windows and pings.
    ///
    /// ```no_run
    /// # async fn start() -> std::io::Result<()> {
    /// let server = graceful::grpc::Server::bind("0.0.0.0:50051").await?.http(|http| {
    ///     http.max_connections(10_000).configure(|hyper| {
    ///         hyper.http2().max_concurrent_streams(100);
    ///     })
    /// });
    /// # Ok(()) }
    /// ```
    pub fn http(self, set_up: impl FnOnce(http::Builder) -> http::Builder) -> Self {
        Self(set_up(self.0))
    }

    /// Serves, from now on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time.
    pub fn serve(self, routes: impl Into<Routes>) -> Server {
        let calls = CallLayer::new().layer(routes.into().prepare());
        Server {
            http: self.0.serve(calls),
        }
    }
}

impl Shutdown for Server {
    async fn shutdown(self, cx: Context) -> Result {
        self.http.shutdown(cx).await
    }
}

impl SharedShutdown for Server {
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
        Arc::unwrap_or_clone(self).shutdown(cx)
    }
}
