//! What hyper reads of a connection, TLS taken off: the connection is told when bytes have come, and a client that closes its
//! side after its request is answered all the same.

use super::connection::Connection;
use super::frames::{Frames, News};
use super::hang_up::{HangUp, hang_up};
use super::timer::poll_timer;
use super::transport::Transport;
use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

pub(super) struct Watched {
    stream: Transport,
    frames: Frames,
    /// The client has closed its side.
    has_ended: bool,
    /// It is still answered. Most have all their answers when they close, and need nothing of this.
    closed: Option<Box<Closed>>,
    /// Something that was written may not have been sent.
    is_unsent: bool,
}

/// A client that has closed its side of the connection. hyper, told at once, would drop the request. Nor is it told never, as its
/// `half_close` does: whoever has gone for good looks the same where the kernel does not tell, and would be answered for ever.
/// Whether a body is complete only hyper knows.
struct Closed {
    /// `None` where nobody can tell.
    hang_up: Option<HangUp>,
    /// Begins anew when something of the answer is taken.
    grace: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    pub(super) fn new(stream: Transport) -> Self {
        Self {
            stream,
            frames: Frames::Preface(0),
            has_ended: false,
            closed: None,
            is_unsent: false,
        }
    }

    #[inline]
    fn connection(&self) -> &Connection {
        self.stream.io().connection()
    }

    #[inline]
    fn note_read(&mut self, bytes: &[u8]) {
        let news = self.frames.heard(bytes);
        let connection = self.connection();
        connection.heard();
        match news {
            News::None => {}
            News::IsHttp2 => connection.choose_http2(),
            News::HasAcknowledged => connection.acknowledge(),
        }
    }

    /// Resolves when hyper may learn of the end.
    #[cold]
    fn poll_end(&mut self, task: &mut Context<'_>) -> Poll<()> {
        let io = self.stream.io();
        let connection = io.connection();
        let is_answered = self.is_unsent || connection.answers();
        if connection.is_upgraded() || !is_answered {
            // Whose it is once upgraded reads and writes as it likes, and need not flush.
            return Poll::Ready(());
        }
        let closed = self.closed.get_or_insert_with(|| {
            Box::new(Closed {
                hang_up: hang_up(io.stream()).ok(),
                grace: None,
            })
        });
        let hang_up = closed.hang_up.as_mut();
        if hang_up.is_some_and(|hang_up| hang_up.as_mut().poll(task).is_ready()) {
            return Poll::Ready(());
        }
        if self.is_unsent {
            // Whoever has gone resets what is sent.
            return Poll::Pending;
        }
        let server = connection.server();
        let grace = || Box::pin(sleep(server.patience(server.half_close_grace)));
        poll_timer(closed.grace.get_or_insert_with(grace).as_mut(), task)
    }

    #[inline]
    fn note_write(&mut self, written: &Poll<io::Result<usize>>) {
        self.is_unsent = true;
        let Poll::Ready(Ok(bytes)) = *written else {
            return;
        };
        if let Some(closed) = &mut self.closed {
            closed.grace = None;
        }
        if self.frames.is_http2() {
            self.connection().unread().sent(bytes);
        }
    }
}

impl AsyncRead for Watched {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.has_ended {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(task, buffer))?;
            let read = &buffer.filled()[before..];
            if !read.is_empty() {
                this.note_read(read);
                return Poll::Ready(Ok(()));
            }
            if buffer.remaining() > 0 {
                this.stream.has_ended();
                this.has_ended = true;
            }
        }
        this.poll_end(task).map(Ok)
    }
}

impl AsyncWrite for Watched {
    #[inline]
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(task, bytes);
        self.note_write(&written);
        written
    }

    #[inline]
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(task, bytes);
        self.note_write(&written);
        written
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    #[inline]
    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(task))?;
        // hyper flushes each time it is polled, also where it has written nothing.
        let sent = mem::take(&mut self.is_unsent);
        if sent && self.closed.is_some() {
            // hyper reads before it writes, and may now learn of the end.
            task.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
