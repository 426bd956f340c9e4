//! What is read and written through a connection's socket: that itself, or TLS over it. One type, so that hyper is compiled
//! for one kind of connection.

use super::io::Io;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(feature = "http-tls")]
use tokio_rustls::server::TlsStream;

pub(super) enum Transport {
    Plain(Io),
    #[cfg(feature = "http-tls")]
    Tls(Box<TlsStream<Io>>),
}

impl Transport {
    #[inline]
    pub(super) fn io(&self) -> &Io {
        match self {
            Self::Plain(io) => io,
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => tls.get_ref().0,
        }
    }

    /// Nothing more can be read. Over TLS that is no end of the socket's.
    pub(super) fn has_ended(&mut self) {
        match self {
            Self::Plain(io) => io.has_ended(),
            #[cfg(feature = "http-tls")]
            Self::Tls(_) => {}
        }
    }
}

impl AsyncRead for Transport {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_read(task, buffer),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => Pin::new(tls).poll_read(task, buffer),
        }
    }
}

impl AsyncWrite for Transport {
    #[inline]
    fn poll_write(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_write(task, bytes),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => Pin::new(tls).poll_write(task, bytes),
        }
    }

    #[inline]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_write_vectored(task, bytes),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => Pin::new(tls).poll_write_vectored(task, bytes),
        }
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(io) => io.is_write_vectored(),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => tls.is_write_vectored(),
        }
    }

    #[inline]
    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_flush(task),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => Pin::new(tls).poll_flush(task),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_shutdown(task),
            #[cfg(feature = "http-tls")]
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(task),
        }
    }
}
