//! What a handler may ask of the stop.

#[cfg(feature = "ws")]
use super::connection::Held;
use super::connection::{Connection, InFlight};
use super::current::current;
use super::shared::Shared;
use super::stage::Stage;
#[cfg(feature = "http-tls")]
use super::tls_info::TlsInfo;
use super::until::Until;
use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use graceful_runtime::Handle;
use std::convert::Infallible;
use std::fmt;
#[cfg(feature = "grpc")]
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Whether the server is closing, for its handlers: an extractor, and [`Stopping::current`] for services without one.
///
/// A handler that would go on for ever (server-sent events, a long poll, a stream) has to end when the
/// server closes, or it is cut at the limit.
///
/// ```
/// use axum::response::sse::{Event, Sse};
/// use graceful::http::Stopping;
/// # use futures_util::Stream;
/// # type Events = std::pin::Pin<Box<dyn Stream<Item = Result<Event, std::convert::Infallible>> + Send>>;
/// # fn events() -> Events { todo!() }
///
/// async fn watch(stopping: Stopping) -> Sse<graceful::http::Until<Events>> {
///     Sse::new(stopping.until(events())) // ends with the server; clients connect again elsewhere
/// }
/// # let _: axum::Router = axum::Router::new().route("/watch", axum::routing::get(watch));
/// ```
///
/// It is about the server that the request came to, which closes at its step: while the `delay`
/// passes, it serves on. Under another server than [`Server`](super::Server) it is about the current
/// lifecycle, and without one nothing ever stops.
#[derive(Clone)]
pub struct Stopping(Whose);

#[derive(Clone)]
enum Whose {
    Server {
        connection: Arc<Connection>,
        /// The request's own number among those of its connection.
        #[cfg(feature = "ws")]
        request: usize,
    },
    Lifecycle(Option<Handle>, CancellationToken),
}

impl Stopping {
    fn of(in_flight: &InFlight) -> Self {
        Self(Whose::Server {
            connection: in_flight.connection().clone(),
            #[cfg(feature = "ws")]
            request: in_flight.key(),
        })
    }

    /// For services without extractors: that of the request whose answer is being made in this task.
    ///
    /// Elsewhere (under another server, in a task that was spawned, in the stream behind a body) it is about the current
    /// lifecycle. So ask before, and take it there, or put it among the extensions of a request that another task is to answer:
    /// the extractor looks there first.
    ///
    /// ```
    /// use axum::{body::Body, extract::Request, response::Response, routing::Router};
    /// use graceful::http::Stopping;
    /// use std::convert::Infallible;
    ///
    /// let watch = tower::service_fn(async |_: Request| {
    ///     let stopping = Stopping::current();
    ///     let watched = tokio::spawn(async move { stopping.requested().await });
    ///     watched.await.expect("it does not panic");
    ///     Ok::<_, Infallible>(Response::new(Body::from("the server closes")))
    /// });
    /// # let _: Router = Router::new().route_service("/watch", watch);
    /// ```
    #[must_use]
    pub fn current() -> Self {
        current(Self::of).unwrap_or_else(Self::of_lifecycle)
    }

    /// That of a request with these extensions.
    pub(crate) fn of_request(extensions: &Extensions) -> Self {
        Self::of_server(extensions).unwrap_or_else(Self::of_lifecycle)
    }

    /// The same, but none where the request came to no server of this package. Whoever handed it on to another task may have
    /// put it there.
    pub(crate) fn of_server(extensions: &Extensions) -> Option<Self> {
        let handed_on = extensions.get().cloned();
        handed_on.or_else(|| current(Self::of))
    }

    pub(crate) fn of_lifecycle() -> Self {
        let handle = Handle::try_current().ok();
        let token = handle.as_ref().map(Handle::token).unwrap_or_default();
        Self(Whose::Lifecycle(handle, token))
    }

    fn server(&self) -> Option<&Shared> {
        match &self.0 {
            Whose::Server { connection, .. } => Some(connection.server()),
            Whose::Lifecycle(..) => None,
        }
    }

    /// What the request's handler has left to do after its answer, counted with the server. To be called
    /// before that.
    #[cfg(feature = "ws")]
    pub(crate) fn hold(&self) -> Option<Held> {
        match &self.0 {
            Whose::Server {
                connection,
                request,
            } => connection.hold(*request),
            Whose::Lifecycle(..) => None,
        }
    }

    /// Resolves when the server cuts what is left.
    #[cfg(feature = "ws")]
    pub(crate) async fn cut(&self) {
        match self.server() {
            Some(server) => server.cut().cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// As long as is wanted, but not to the limit.
    #[cfg(feature = "ws")]
    pub(crate) fn patience(&self, wanted: Duration) -> Duration {
        self.server()
            .map_or(wanted, |server| server.patience(wanted))
    }

    /// A WebSocket had to be closed without the client's answer.
    #[cfg(feature = "ws")]
    pub(crate) fn note_forced(&self) {
        if let Some(server) = self.server() {
            server.note_forced();
        }
    }

    /// A stream had to be ended.
    #[cfg(feature = "grpc")]
    pub(crate) fn note_ended(&self) {
        if let Some(server) = self.server() {
            server.note_ended();
        }
    }

    /// How many requests were in flight when the server began to close.
    #[cfg(feature = "grpc")]
    pub(crate) fn in_flight_at_close(&self) -> usize {
        self.server().map_or(0, Shared::in_flight_at_close)
    }

    /// The client's address, where the request came over TCP to a server of ours.
    #[cfg(feature = "grpc")]
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        match &self.0 {
            Whose::Server { connection, .. } => connection.peer(),
            Whose::Lifecycle(..) => None,
        }
    }

    /// What was agreed on with the client, where the request came over TLS to a server of ours.
    #[cfg(feature = "http-tls")]
    pub(super) fn tls(&self) -> Option<TlsInfo> {
        match &self.0 {
            Whose::Server { connection, .. } => connection.tls().cloned(),
            Whose::Lifecycle(..) => None,
        }
    }

    fn parent(&self) -> &CancellationToken {
        match &self.0 {
            Whose::Server { connection, .. } => connection.server().closing(),
            Whose::Lifecycle(_, token) => token,
        }
    }

    /// Whether the server is closing.
    pub fn is_stopping(&self) -> bool {
        match self.server() {
            // It is entered a moment before the token is cancelled.
            Some(server) => server.stage() >= Stage::Closing,
            None => self.parent().is_cancelled(),
        }
    }

    /// Resolves when the server begins to close.
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again.
    pub fn requested(&self) -> impl Future<Output = ()> + Send + use<> + 'static {
        self.parent().clone().cancelled_owned()
    }

    /// A token that is cancelled when the server begins to close. Cancelling it yourself stops only what
    /// listens to it, and its clones.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        self.parent().child_token()
    }

    /// How long what is in flight still has: until the limit of the server's step, or before that has begun
    /// until the end of the whole budget. `None` while nothing stops.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let (limit, handle) = match &self.0 {
            Whose::Server { connection, .. } => {
                let server = connection.server();
                (server.limit(), server.lifecycle())
            }
            Whose::Lifecycle(handle, _) => (None, handle.as_ref()),
        };
        match limit {
            Some(limit) => Some(limit.saturating_duration_since(Instant::now())),
            None => handle?.remaining(),
        }
    }

    /// Ends a stream, or a body, when the server begins to close, between two of its items.
    pub fn until<S>(&self, stream: S) -> Until<S> {
        Until::new(stream, self.parent().clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of_request(&parts.extensions))
    }
}

impl fmt::Debug for Stopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopping")
            .field("is_stopping", &self.is_stopping())
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}
