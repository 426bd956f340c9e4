//! Where connections come from: TCP and Unix sockets, and what the kernel has accepted of them when the
//! server closes.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

#[cfg(unix)]
use super::unix_file::{UnixFile, is_dead};
#[cfg(unix)]
use socket2::SockRef;
#[cfg(unix)]
use std::os::fd::AsFd as _;
#[cfg(unix)]
use std::path::Path;
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

pub(super) enum Listener {
    Tcp {
        listener: TcpListener,
        /// Nobody else accepts from it, before or after us: not one that was handed in.
        is_ours: bool,
    },
    #[cfg(unix)]
    Unix {
        /// Ours to remove; dropped first, while the open listener keeps its number from being another's.
        file: Option<UnixFile>,
        listener: UnixListener,
    },
}

pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Listener {
    /// Listens on a file of ours.
    #[cfg(unix)]
    pub(super) async fn bind_unix(path: &Path) -> io::Result<Self> {
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_dead(path).await => {
                std::fs::remove_file(path)?;
                UnixListener::bind(path)?
            }
            bound => bound?,
        };
        let file = Some(UnixFile::new(path)?);
        Ok(Self::Unix { file, listener })
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp { listener, .. } => listener.local_addr(),
            #[cfg(unix)]
            Self::Unix { .. } => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "a Unix socket has no IP address",
            )),
        }
    }

    /// Accepts a connection.
    ///
    /// Cancel-safe, as tokio's are.
    pub(super) async fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        match self {
            Self::Tcp { listener, .. } => {
                let (stream, peer) = listener.accept().await?;
                Ok((Stream::tcp(stream), Some(peer)))
            }
            #[cfg(unix)]
            Self::Unix { listener, .. } => {
                let (stream, _) = listener.accept().await?;
                Ok((Stream::Unix(stream), None))
            }
        }
    }

    /// Lets nobody in any more but those whom the kernel has let in.
    pub(super) fn last(self) -> io::Result<Last> {
        match self {
            Self::Tcp { listener, is_ours } => {
                let listener = listener.into_std()?;
                // The filter would stay on a socket that others hold too.
                let turns_away = is_ours && turn_away(&listener);
                Ok(Last::Tcp {
                    listener,
                    turns_away,
                })
            }
            #[cfg(unix)]
            Self::Unix { file, listener } => {
                // Who connects from here on finds nobody, instead of being reset.
                drop(file);
                listener.into_std().map(Last::Unix)
            }
        }
    }
}

/// A listener that lets nobody in any more.
pub(super) enum Last {
    Tcp {
        listener: std::net::TcpListener,
        turns_away: bool,
    },
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
}

impl Last {
    /// Whether handshakes that had begun may still end, and nobody begins a new one.
    pub(super) fn has_stragglers(&self) -> bool {
        match self {
            Self::Tcp { turns_away, .. } => *turns_away,
            #[cfg(unix)]
            Self::Unix(_) => false,
        }
    }

    /// One more of those that the kernel has accepted; [`WouldBlock`](io::ErrorKind::WouldBlock)
    /// where there is none. It asks the kernel itself, not the runtime, which may not have heard yet.
    pub(super) fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        match self {
            Self::Tcp { listener, .. } => {
                let (stream, peer) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok((Stream::tcp(TcpStream::from_std(stream)?), Some(peer)))
            }
            #[cfg(unix)]
            Self::Unix(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok((Stream::Unix(UnixStream::from_std(stream)?), None))
            }
        }
    }
}

/// Has the kernel drop whoever asks for a connection from here on, while it still completes those
/// handshakes that have begun. `false` where it can't.
///
/// Between the last connection that is taken from the queue and the close of the listener, another one
/// may get into it, and closing resets it. There is no call that stops listening and keeps the
/// queue; a filter on the listener comes close: dropped SYNs are sent again after a second, and
/// then find the port closed, which is what a client knows how to deal with.
#[cfg(target_os = "linux")]
fn turn_away(listener: &std::net::TcpListener) -> bool {
    use socket2::SockFilter;
    // Classic BPF, which sees the packet from its TCP header on: `ldb [13]` loads the flags,
    // `jset` asks for one of them, `ret` says how many bytes to keep.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_SET: u16 = 0x45;
    const RETURN: u16 = 0x06;
    let no_syn = [
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS),
        SockFilter::new(JUMP_IF_SET, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ];
    SockRef::from(listener).attach_filter(&no_syn).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn turn_away(_listener: &std::net::TcpListener) -> bool {
    false
}

impl Stream {
    fn tcp(stream: TcpStream) -> Self {
        // An answer in several parts is not to wait for the client's acknowledgement of the first. Where it
        // can't be set, the connection has ended already, and is served to its end.
        let _ = stream.set_nodelay(true);
        // A client whose machine is gone never says so: the kernel asks, as often as it is set to.
        #[cfg(unix)]
        let _ = SockRef::from(&stream).set_keepalive(true);
        Self::Tcp(stream)
    }

    /// Of the same socket.
    #[cfg(unix)]
    pub(super) fn another_descriptor(&self) -> io::Result<Self> {
        match self {
            Self::Tcp(stream) => {
                let socket = stream.as_fd().try_clone_to_owned()?;
                TcpStream::from_std(socket.into()).map(Self::Tcp)
            }
            Self::Unix(stream) => {
                let socket = stream.as_fd().try_clone_to_owned()?;
                UnixStream::from_std(socket.into()).map(Self::Unix)
            }
        }
    }

    #[cfg(not(unix))]
    pub(super) fn another_descriptor(&self) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Waits for news of the room to write in: whether anybody may still read that.
    pub(super) async fn has_room(&self) -> io::Result<bool> {
        let is_no_news = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
        let ready = match self {
            Self::Tcp(stream) => {
                let ready = stream.ready(Interest::WRITABLE).await?;
                // So that the next call waits.
                drop(stream.try_io(Interest::WRITABLE, is_no_news));
                ready
            }
            #[cfg(unix)]
            Self::Unix(stream) => {
                let ready = stream.ready(Interest::WRITABLE).await?;
                drop(stream.try_io(Interest::WRITABLE, is_no_news));
                ready
            }
        };
        Ok(!ready.is_write_closed())
    }

    /// Has the client told that this is no end.
    pub(super) fn reset_when_dropped(&self) {
        match self {
            // Where it can't be set, the client has gone.
            Self::Tcp(stream) => drop(stream.set_zero_linger()),
            // It knows of no reset.
            #[cfg(unix)]
            Self::Unix(_) => {}
        }
    }
}

macro_rules! of_either {
    ($stream:expr, $call:ident $(, $argument:expr)*) => {
        match $stream.get_mut() {
            Stream::Tcp(stream) => Pin::new(stream).$call($($argument),*),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).$call($($argument),*),
        }
    };
}

impl AsyncRead for Stream {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        of_either!(self, poll_read, task, buffer)
    }
}

impl AsyncWrite for Stream {
    #[inline]
    fn poll_write(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        of_either!(self, poll_write, task, bytes)
    }

    #[inline]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        of_either!(self, poll_write_vectored, task, bytes)
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.is_write_vectored(),
        }
    }

    #[inline]
    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_either!(self, poll_flush, task)
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_either!(self, poll_shutdown, task)
    }
}
