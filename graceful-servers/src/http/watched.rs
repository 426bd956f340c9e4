//! What hyper reads of a connection, TLS taken off: the connection is told when bytes have come, and a client that closes its
//! side after its request is answered all the same.

use super::connection::Connection;
use super::hang_up::{HangUp, hang_up};
use super::io::OverSocket;
use super::timer::poll_timer;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

pub(super) struct Watched<S> {
    stream: S,
    connection: Arc<Connection>,
    half_close_grace: Duration,
    end: End,
    /// Something that was written may not have been sent.
    is_unsent: bool,
}

/// The client's side of the connection.
enum End {
    Open,
    /// It has closed it. hyper, told at once, would drop the request. Nor is it told never, as its `half_close` does:
    /// whoever has gone for good looks the same where the kernel does not tell, and would be answered for ever. Whether a
    /// body is complete only hyper knows.
    Closed {
        /// `None` where nobody can tell.
        hang_up: Option<HangUp>,
        /// Begins anew when something of the answer is taken.
        grace: Option<Pin<Box<Sleep>>>,
    },
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>, half_close_grace: Duration) -> Self {
        Self {
            stream,
            connection,
            half_close_grace,
            end: End::Open,
            is_unsent: false,
        }
    }

    /// Resolves when hyper may learn of the end.
    fn poll_end(&mut self, task: &mut Context<'_>) -> Poll<()> {
        let End::Closed { hang_up, grace } = &mut self.end else {
            return Poll::Ready(());
        };
        let hang_up = hang_up.as_mut();
        if hang_up.is_some_and(|hang_up| hang_up.as_mut().poll(task).is_ready()) {
            return Poll::Ready(());
        }
        if self.is_unsent {
            // Whoever has gone resets what is sent.
            return Poll::Pending;
        }
        if !self.connection.answers() {
            return Poll::Ready(());
        }
        let server = self.connection.server();
        let grace =
            grace.get_or_insert_with(|| Box::pin(sleep(server.patience(self.half_close_grace))));
        poll_timer(grace.as_mut(), task)
    }

    fn note_write(&mut self, written: &Poll<io::Result<usize>>) {
        self.is_unsent = true;
        if let (Poll::Ready(Ok(_)), End::Closed { grace, .. }) = (written, &mut self.end) {
            *grace = None;
        }
    }
}

impl<S: AsyncRead + OverSocket + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let End::Open = this.end {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(task, buffer))?;
            let bytes = &buffer.filled()[before..];
            if !bytes.is_empty() {
                this.connection.heard(bytes);
                return Poll::Ready(Ok(()));
            }
            if buffer.remaining() > 0 {
                this.end = End::Closed {
                    hang_up: hang_up(this.stream.socket()).ok(),
                    grace: None,
                };
            }
        }
        this.poll_end(task).map(Ok)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(task, bytes);
        self.note_write(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(task, bytes);
        self.note_write(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(task))?;
        self.is_unsent = false;
        if let End::Closed { .. } = self.end {
            // hyper reads before it writes, and may now learn of the end.
            task.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
