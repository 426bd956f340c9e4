//! One connection, from its handshake to its end.

use super::connection::Connection;
use super::drive::{Drive, Graces, Work};
use super::handler::Handler;
use super::io::Io;
use super::service::Answers;
#[cfg(feature = "http-tls")]
use super::tls_info::TlsInfo;
use super::transport::Transport;
use super::watched::Watched;
use axum::BoxError;
use axum::body::HttpBody;
use hyper::body::Incoming;
use hyper::service::HttpService;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::{Builder, HttpServerConnExec, UpgradeableConnection};
use std::pin::Pin;
use std::sync::Arc;

/// How connections are served.
pub(super) struct Protocols {
    pub(super) http: Builder<TokioExecutor>,
    pub(super) connect_info: bool,
    pub(super) graces: Graces,
    #[cfg(feature = "http-tls")]
    pub(super) tls: Option<super::tls::Tls>,
}

impl Protocols {
    pub(super) async fn serve<H>(self: Arc<Self>, io: Io, handler: H)
    where
        H: Handler,
        H::Body: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        // Dropped last: the handler is the user's.
        let seat = io.seat();
        let connection = seat.connection();
        let answers = Answers::new(handler, connection.clone(), self.connect_info);
        #[cfg(feature = "http-tls")]
        let transport = if let Some(tls) = &self.tls {
            match Drive::new(tls.accept(io), connection, &self.graces).await {
                Some(Ok(io)) => {
                    connection.handshake_ended(TlsInfo::agreed_on(io.get_ref().1));
                    Transport::Tls(Box::new(io))
                }
                Some(Err(error)) => {
                    tracing::debug!(target: "graceful", %error, "no TLS handshake");
                    return;
                }
                None => return,
            }
        } else {
            Transport::Plain(io)
        };
        #[cfg(not(feature = "http-tls"))]
        let transport = Transport::Plain(io);
        tell(self.http(transport, answers, connection).await);
    }

    // No `async fn`: each keeps a state of its own, in a place of its own, that each request has to look at.
    fn http<'a, H>(
        &'a self,
        transport: Transport,
        answers: Answers<H>,
        connection: &'a Connection,
    ) -> impl Future<Output = Option<Result<(), BoxError>>> + use<'a, H>
    where
        H: Handler,
        H::Body: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let io = TokioIo::new(Watched::new(transport));
        let http = self.http.serve_connection_with_upgrades(io, answers);
        Drive::new(http, connection, &self.graces)
    }
}

fn tell(ended: Option<Result<(), BoxError>>) {
    if let Some(Err(error)) = ended {
        tracing::debug!(target: "graceful", error, "a connection has failed");
    }
}

impl<I, S, E, B> Work for UpgradeableConnection<'_, I, S, E>
where
    Self: Future,
    S: HttpService<Incoming, ResBody = B>,
    S::Error: Into<BoxError>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    B: HttpBody<Error: Into<BoxError>> + 'static,
    E: HttpServerConnExec<S::Future, B>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}
