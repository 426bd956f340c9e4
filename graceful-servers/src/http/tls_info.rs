//! What handlers may ask of the TLS that a request came over.

use std::sync::Arc;
use tokio_rustls::rustls::ServerConnection;
use tokio_rustls::rustls::pki_types::CertificateDer;

/// What was agreed on in the handshake of a request's connection: an extractor, and [`TlsInfo::of`] for services without one.
///
/// ```
/// use graceful::http::TlsInfo;
///
/// async fn who(tls: TlsInfo) -> String {
///     let certificates = tls.peer_certificates().len();
///     format!("over {:?}, with {certificates} certificates", tls.alpn())
/// }
/// # let _: axum::Router = axum::Router::new().route("/who", axum::routing::get(who));
/// ```
///
/// As an extractor it rejects a request that came without TLS with 500; `Option<TlsInfo>` rejects none.
#[derive(Clone, Debug)]
pub struct TlsInfo(Arc<Agreed>);

#[derive(Debug)]
struct Agreed {
    peer_certificates: Vec<CertificateDer<'static>>,
    alpn: Option<Vec<u8>>,
    server_name: Option<String>,
}

impl TlsInfo {
    pub(super) fn agreed_on(connection: &ServerConnection) -> Self {
        let certificates = connection.peer_certificates().unwrap_or_default();
        Self(Arc::new(Agreed {
            peer_certificates: certificates.to_vec(),
            alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
            server_name: connection.server_name().map(str::to_owned),
        }))
    }

    /// The client's certificate, and the chain behind it, as the configuration's verifier has accepted them; empty where
    /// it asks for none.
    pub fn peer_certificates(&self) -> &[CertificateDer<'static>] {
        &self.0.peer_certificates
    }

    /// The protocol that was chosen by ALPN: `h2`, `http/1.1`.
    pub fn alpn(&self) -> Option<&[u8]> {
        self.0.alpn.as_deref()
    }

    /// The name that the client asked for (SNI).
    pub fn server_name(&self) -> Option<&str> {
        self.0.server_name.as_deref()
    }
}
