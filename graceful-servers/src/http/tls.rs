//! TLS, through tokio-rustls: the handshake belongs to the connection's own task, and has a limit.

use super::drive::Work;
use super::io::Io;
use super::timer::poll_timer;
use pin_project_lite::pin_project;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// The longest that a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What a server's TLS is configured with: [`Builder::tls`](super::Builder::tls). It is a handle, to be kept where
/// certificates are renewed.
///
/// ```no_run
/// use graceful::http::{Server, Tls};
/// # use axum::Router;
/// # use tokio_rustls::rustls::ServerConfig;
/// # fn read_certificates() -> ServerConfig { todo!() }
///
/// # async fn start(routes: Router) -> std::io::Result<()> {
/// let tls = Tls::new(read_certificates());
/// let server = Server::bind("0.0.0.0:443").await?.tls(tls.clone()).serve(routes);
/// tokio::spawn(async move {
///     let mut day = tokio::time::interval(std::time::Duration::from_secs(24 * 60 * 60));
///     loop {
///         day.tick().await;
///         tls.reload(read_certificates());
///     }
/// });
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Tls {
    // A lock: read once in each handshake.
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// TLS with these certificates, versions and verifiers. A configuration without ALPN protocols gets `h2`
    /// and `http/1.1`.
    #[must_use]
    pub fn new(config: impl Into<Arc<ServerConfig>>) -> Self {
        Self {
            config: Arc::new(RwLock::new(with_protocols(config.into()))),
        }
    }

    /// What the handshakes that begin from now on use, while the server drains too. Connections that are open stay as
    /// they are.
    pub fn reload(&self, config: impl Into<Arc<ServerConfig>>) {
        let config = with_protocols(config.into());
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
    }

    pub(super) fn accept(&self, io: Io) -> Handshake {
        io.connection().handshake_begins();
        // Nothing panics under the lock, so a poisoned one is a whole one.
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        let acceptor = TlsAcceptor::from(config.clone());
        Handshake {
            accept: acceptor.accept(io),
            limit: sleep(HANDSHAKE),
        }
    }
}

impl From<Arc<ServerConfig>> for Tls {
    fn from(config: Arc<ServerConfig>) -> Self {
        Self::new(config)
    }
}

impl From<ServerConfig> for Tls {
    fn from(config: ServerConfig) -> Self {
        Self::new(config)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn with_protocols(mut config: Arc<ServerConfig>) -> Arc<ServerConfig> {
    if config.alpn_protocols.is_empty() {
        let config = Arc::make_mut(&mut config);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    config
}

pin_project! {
    pub(super) struct Handshake {
        #[pin]
        accept: Accept<Io>,
        #[pin]
        limit: Sleep,
    }
}

impl Future for Handshake {
    type Output = io::Result<TlsStream<Io>>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.accept.poll(task) {
            Poll::Pending => {
                poll_timer(this.limit, task).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl Work for Handshake {
    /// A handshake ends by itself or at its limit; a request has never been asked before it.
    fn finish(self: Pin<&mut Self>) {}
}
