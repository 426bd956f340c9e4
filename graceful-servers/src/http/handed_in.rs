//! Listeners that are there already.

/// A listener that a server can be given: tokio's and `std`'s, for TCP and for Unix sockets.
pub trait IntoListener: private::IntoListener {}

impl<L: private::IntoListener> IntoListener for L {}

mod private {
    use crate::http::builder::Builder;
    use crate::http::listener::Listener;
    use std::io;

    pub trait IntoListener {
        fn into_builder(self) -> io::Result<Builder>;
    }

    impl IntoListener for tokio::net::TcpListener {
        fn into_builder(self) -> io::Result<Builder> {
            let listener = Listener::Tcp {
                listener: self,
                is_ours: false,
            };
            Ok(Builder::new(listener))
        }
    }

    impl IntoListener for std::net::TcpListener {
        fn into_builder(self) -> io::Result<Builder> {
            self.set_nonblocking(true)?;
            tokio::net::TcpListener::from_std(self)?.into_builder()
        }
    }

    #[cfg(unix)]
    impl IntoListener for tokio::net::UnixListener {
        fn into_builder(self) -> io::Result<Builder> {
            let listener = Listener::Unix {
                listener: self,
                file: None,
            };
            Ok(Builder::new(listener))
        }
    }

    #[cfg(unix)]
    impl IntoListener for std::os::unix::net::UnixListener {
        fn into_builder(self) -> io::Result<Builder> {
            self.set_nonblocking(true)?;
            tokio::net::UnixListener::from_std(self)?.into_builder()
        }
    }
}
