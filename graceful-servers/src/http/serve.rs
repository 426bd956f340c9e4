//! One connection, from its handshake to its end.

use super::drive::{Graces, Work, drive};
use super::io::{Io, OverSocket};
use super::service::{Requests, TowerService};
#[cfg(feature = "http-tls")]
use super::tls_info::TlsInfo;
use super::watched::Watched;
use axum::BoxError;
use axum::body::HttpBody;
use hyper::body::Incoming;
use hyper::service::HttpService;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::{Builder, HttpServerConnExec, UpgradeableConnection};
use std::pin::{Pin, pin};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};

/// How connections are served.
pub(super) struct Protocols {
    pub(super) http: Builder<TokioExecutor>,
    pub(super) connect_info: bool,
    pub(super) graces: Graces,
    pub(super) half_close_grace: Duration,
    pub(super) header_read_timeout: Duration,
    #[cfg(feature = "http-tls")]
    pub(super) tls: Option<super::tls::Tls>,
}

impl Protocols {
    pub(super) async fn serve<S, B>(&self, io: Io, service: S)
    where
        S: TowerService<B>,
        B: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let connection = io.connection().clone();
        let requests = Requests::new(service, connection.clone(), self.connect_info);
        #[cfg(feature = "http-tls")]
        if let Some(tls) = &self.tls {
            let handshake = pin!(tls.accept(io));
            match drive(handshake, &connection, self.graces, None).await {
                Some(Ok(mut io)) => {
                    io.get_mut().0.set_handshaking(false);
                    connection.handshake_ended(TlsInfo::of(io.get_ref().1));
                    self.http(io, requests).await;
                }
                Some(Err(error)) => {
                    tracing::debug!(target: "graceful", %error, "no TLS handshake");
                }
                None => {}
            }
            return;
        }
        self.http(io, requests).await;
    }

    async fn http<I, S, B>(&self, io: I, requests: Requests<S, B>)
    where
        I: AsyncRead + AsyncWrite + OverSocket + Unpin + Send + 'static,
        S: TowerService<B>,
        B: HttpBody<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let connection = requests.connection().clone();
        let io = Watched::new(io, connection.clone(), self.half_close_grace);
        let http = pin!(
            self.http
                .serve_connection_with_upgrades(TokioIo::new(io), requests)
        );
        if let Some(Err(error)) = drive(
            http,
            &connection,
            self.graces,
            Some(self.header_read_timeout),
        )
        .await
        {
            tracing::debug!(target: "graceful", error, "a connection has failed");
        }
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
