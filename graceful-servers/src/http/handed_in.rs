//! Listeners that are there already.

/// A listener that [`Server::listen_on`](super::Server::listen_on) can be given: tokio's and `std`'s, for TCP and for Unix
/// sockets. Others can't implement it.
pub trait IntoListener: private::IntoListener {}

impl<L: private::IntoListener> IntoListener for L {}

mod private {
    use crate::http::listener::Listener;
    use std::io;

    pub trait IntoListener {
        fn into_listener(self) -> io::Result<HandedIn>;
    }

    // Nobody outside can name it.
    #[allow(missing_debug_implementations)]
    pub struct HandedIn(pub(in crate::http) Listener);

    impl IntoListener for tokio::net::TcpListener {
        fn into_listener(self) -> io::Result<HandedIn> {
            Ok(HandedIn(Listener::Tcp {
                listener: self,
                is_ours: false,
            }))
        }
    }

    impl IntoListener for std::net::TcpListener {
        fn into_listener(self) -> io::Result<HandedIn> {
            self.set_nonblocking(true)?;
            tokio::net::TcpListener::from_std(self)?.into_listener()
        }
    }

    #[cfg(unix)]
    impl IntoListener for tokio::net::UnixListener {
        fn into_listener(self) -> io::Result<HandedIn> {
            Ok(HandedIn(Listener::Unix {
                listener: self,
                file: None,
            }))
        }
    }

    #[cfg(unix)]
    impl IntoListener for std::os::unix::net::UnixListener {
        fn into_listener(self) -> io::Result<HandedIn> {
            self.set_nonblocking(true)?;
            tokio::net::UnixListener::from_std(self)?.into_listener()
        }
    }
}
