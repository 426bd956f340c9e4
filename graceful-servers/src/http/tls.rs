//! TLS, through tokio-rustls: the handshake belongs to the connection's own task, and has a limit.

use super::drive::Work;
use super::io::Io;
use pin_project_lite::pin_project;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// The longest that a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

pub(super) struct Tls {
    acceptor: TlsAcceptor,
}

impl Tls {
    pub(super) fn new(mut config: Arc<ServerConfig>) -> Self {
        if config.alpn_protocols.is_empty() {
            let config = Arc::make_mut(&mut config);
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Self {
            acceptor: config.into(),
        }
    }

    pub(super) fn accept(&self, mut io: Io) -> Handshake {
        io.set_handshaking(true);
        Handshake {
            accept: self.acceptor.accept(io),
            limit: sleep(HANDSHAKE),
        }
    }
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
            Poll::Pending => this
                .limit
                .poll(task)
                .map(|()| Err(io::ErrorKind::TimedOut.into())),
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl Work for Handshake {
    /// A handshake ends by itself or at its limit; a request has never been asked before it.
    fn finish(self: Pin<&mut Self>) {}
}
