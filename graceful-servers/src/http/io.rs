//! The socket of a connection, which the server keeps an eye on: also once it has been upgraded and is
//! read by somebody else.

use super::connection::{Connection, Seat, Side};
use super::listener::Stream;
use super::shared::Shared;
use super::timer::poll_timer;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};

/// How long a client has to take note that we have closed our side.
const LINGER: Duration = Duration::from_millis(50);

/// The same for one that is still sending.
const LINGER_LONGER: Duration = Duration::from_secs(1);

pub(super) struct Io {
    stream: Stream,
    seat: Seat,
    _permit: Option<OwnedSemaphorePermit>,
    /// The client has closed its side.
    has_ended: bool,
    /// We have closed ours…
    is_shut: bool,
    /// …and wait for the client.
    lingers: Option<Box<Linger>>,
}

struct Linger {
    ends: Pin<Box<Sleep>>,
    began: Instant,
    /// Since the server's limit comes sooner.
    is_cut_short: bool,
}

impl Default for Linger {
    fn default() -> Self {
        Self {
            ends: Box::pin(sleep(LINGER)),
            began: Instant::now(),
            is_cut_short: false,
        }
    }
}

impl Linger {
    fn longer(&mut self) {
        if !self.is_cut_short {
            self.ends.as_mut().reset(self.began + LINGER_LONGER);
        }
    }

    /// Not to the server's limit, also where that is known only now.
    fn in_time(&mut self, server: &Shared) {
        let now = Instant::now();
        let left = self.ends.deadline().saturating_duration_since(now);
        let patience = server.patience(left);
        if patience < left && !self.is_cut_short {
            self.is_cut_short = true;
            self.ends.as_mut().reset(now + patience);
        }
    }
}

impl Io {
    pub(super) fn new(stream: Stream, seat: Seat, permit: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            stream,
            seat,
            _permit: permit,
            has_ended: false,
            is_shut: false,
            lingers: None,
        }
    }

    /// Holds the connection open beside the socket.
    pub(super) fn seat(&self) -> Seat {
        self.seat.another()
    }

    #[inline]
    pub(super) fn connection(&self) -> &Arc<Connection> {
        self.seat.connection()
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Whoever reads it has come to the end.
    pub(super) fn has_ended(&mut self) {
        self.has_ended = true;
    }

    /// Fails once the connection is cut. While HTTP is spoken, its task is dropped instead.
    #[inline]
    fn unless_cut(&self) -> io::Result<()> {
        let connection = self.connection();
        if connection.is_upgraded() && connection.is_cut() {
            return Err(cut());
        }
        Ok(())
    }

    /// Whoever waits for the socket of an upgraded connection is woken when that is cut.
    fn wait(&self, side: Side, task: &Context<'_>) -> io::Result<()> {
        let connection = self.connection();
        if connection.is_upgraded() {
            connection.wake_by(side, task.waker());
        }
        self.unless_cut()
    }

    /// What is to be noted of a write, where it is not as all the others.
    #[cold]
    fn note_write(&self, is_pending: bool, task: &Context<'_>) -> io::Result<()> {
        self.connection().set_stuck(is_pending);
        if is_pending {
            self.wait(Side::Writer, task)?;
        }
        Ok(())
    }

    /// Reads what hyper does not see: a handshake, or what comes once the connection is upgraded.
    fn poll_read_beside(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.unless_cut()?;
        let before = buffer.remaining();
        if Pin::new(&mut self.stream)
            .poll_read(task, buffer)?
            .is_pending()
        {
            self.wait(Side::Reader, task)?;
            return Poll::Pending;
        }
        if buffer.remaining() == before {
            self.has_ended = before > 0;
        } else if self.connection().is_handshaking() {
            self.connection().heard();
        }
        Poll::Ready(Ok(()))
    }

    /// Reads what the client is still sending, until it has closed its side too: were the socket closed
    /// with something unread, the client would be sent a reset, which may overtake the answer (RFC
    /// 9112, section 9.6).
    fn poll_linger(&mut self, task: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [MaybeUninit::uninit(); 4096];
        while !self.has_ended {
            let lingers = self.lingers.get_or_insert_with(Box::default);
            let mut scratch = ReadBuf::uninit(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(task, &mut scratch) {
                Poll::Ready(Ok(())) if !scratch.filled().is_empty() => {
                    lingers.longer();
                }
                Poll::Ready(_) => self.has_ended = true,
                Poll::Pending => {
                    lingers.in_time(self.seat.connection().server());
                    return poll_timer(lingers.ends.as_mut(), task);
                }
            }
        }
        Poll::Ready(())
    }
}

#[cold]
fn cut() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "cut: the server's time to close has passed",
    )
}

impl Drop for Io {
    /// A body without a length or chunks, as HTTP/1.0 has them, ends with the connection: cut, it must not look
    /// complete.
    fn drop(&mut self) {
        let connection = self.connection();
        if connection.is_cut() && !connection.is_http2() && !self.is_shut {
            self.stream.reset_when_dropped();
        }
    }
}

impl AsyncRead for Io {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let connection = this.connection();
        if connection.is_upgraded() || connection.is_handshaking() {
            return this.poll_read_beside(task, buffer);
        }
        Pin::new(&mut this.stream).poll_read(task, buffer)
    }
}

impl AsyncWrite for Io {
    #[inline]
    fn poll_write(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.unless_cut()?;
        let written = Pin::new(&mut this.stream).poll_write(task, bytes);
        if written.is_pending() || this.connection().is_stuck() {
            this.note_write(written.is_pending(), task)?;
        }
        written
    }

    #[inline]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.unless_cut()?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(task, bytes);
        if written.is_pending() || this.connection().is_stuck() {
            this.note_write(written.is_pending(), task)?;
        }
        written
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    #[inline]
    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.is_shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(task))?;
            this.is_shut = true;
        }
        this.poll_linger(task).map(Ok)
    }
}
