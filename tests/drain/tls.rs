//! TLS: its handshakes belong to the connections, and hold nobody else up.

use crate::harness::{Client, LONG, Service, Stopped};
use axum::Router;
use axum::extract::Request as Asked;
use axum::routing::get;
use graceful::http::{Builder, Stopping, TlsInfo};
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io::Write as _;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig};

pub(crate) struct Tls {
    pub(crate) service: Service,
    connector: TlsConnector,
}

/// A certificate that signs itself, for a server, a client and whoever verifies either.
struct Certificate {
    der: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Certificate {
    fn new(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        Self {
            der: made.cert.der().clone(),
            key: PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()),
        }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        roots
    }

    fn server(&self) -> Arc<ServerConfig> {
        let config = ServerConfig::builder().with_no_client_auth();
        let certificates = vec![self.der.clone()];
        Arc::new(
            config
                .with_single_cert(certificates, self.key.clone_key())
                .unwrap(),
        )
    }

    /// A client that trusts this one.
    fn client(&self) -> TlsConnector {
        let client = ClientConfig::builder().with_root_certificates(self.roots());
        Arc::new(client.with_no_client_auth()).into()
    }
}

async fn start() -> Tls {
    start_with(Router::new().route("/", get("hello"))).await
}

pub(crate) async fn start_with(routes: Router) -> Tls {
    start_as(|server| server, routes).await
}

pub(crate) async fn start_as(options: impl FnOnce(Builder) -> Builder, routes: Router) -> Tls {
    let certificate = Certificate::new("localhost");
    let tls = |server: Builder| options(server.tls(certificate.server()));
    Tls {
        service: Service::start_with(tls, routes).await,
        connector: certificate.client(),
    }
}

impl Tls {
    pub(crate) async fn connect(&self) -> TlsStream<TcpStream> {
        self.connect_saying(b"").await
    }

    /// Sends these bytes with the last ones of the handshake.
    pub(crate) async fn connect_saying(&self, bytes: &[u8]) -> TlsStream<TcpStream> {
        let name = ServerName::try_from("localhost").unwrap();
        let stream = self.service.connect().await;
        let say = |connection: &mut ClientConnection| {
            connection.writer().write_all(bytes).unwrap();
        };
        let connecting = self.connector.connect_with(name, stream.0, say);
        connecting.await.unwrap()
    }
}

#[tokio::test]
async fn a_request_is_answered_while_another_handshake_stalls() {
    let tls = start().await;
    let mut stalls = tls.service.connect().await;
    // The beginning of a ClientHello.
    stalls.send("\x16\x03\x01").await;
    let mut client = tls.connect().await;
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    client.write_all(request).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
}

#[tokio::test]
async fn a_client_that_chooses_http2_is_answered_and_told_to_go() {
    let mut tls = start().await;
    let mut config = tls.connector.config().as_ref().clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    tls.connector = Arc::new(config).into();
    let connect = async || {
        let io = TokioIo::new(tls.connect().await);
        let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
        (sender, tokio::spawn(connection))
    };
    let (_idle, idle_ends) = connect().await;
    let (mut sender, ends) = connect().await;
    let ask = Request::get("https://localhost/").body(Empty::<Bytes>::new());
    let answer = sender.send_request(ask.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    tls.service.connections(2).await;
    let stop = tls.service.stop();
    ends.await.unwrap().unwrap();
    idle_ends.await.unwrap().unwrap();
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn the_first_request_after_a_handshake_is_answered() {
    let patient = |server: Builder| server.idle_grace(LONG).half_request_grace(LONG);
    let tls = start_as(patient, Router::new().route("/", get("hello"))).await;
    let mut client = tls.connect().await;
    let stop = tls.service.stop_begun().await;
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    client.write_all(request).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
    stop.await.unwrap().assert_drained();
}

async fn stopped_with(first_bytes: &str) -> (Client, Stopped) {
    let tls = start().await;
    let mut client = tls.service.connect().await;
    client.send(first_bytes).await;
    tls.service.connections(1).await;
    let stopped = tls.service.stop().await.unwrap();
    (client, stopped)
}

#[tokio::test]
async fn a_handshake_that_never_begins_is_closed() {
    let (mut client, stopped) = stopped_with("").await;
    stopped.assert_drained();
    assert!(client.ends_silently().await);
}

async fn answered<S: AsyncRead + AsyncWrite + Unpin>(mut client: S, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn certificates_are_reloaded_while_it_serves_and_while_it_drains() {
    let [old, new, last] = [(); 3].map(|()| Certificate::new("localhost"));
    let tls = graceful::http::Tls::new(old.server());
    let builder = |server: Builder| {
        let server = server.idle_grace(LONG).half_request_grace(LONG);
        server.tls(tls.clone()).max_connections(1)
    };
    let service = Service::start_with(builder, Router::new().route("/", get("hello"))).await;
    let connect = async |connector: TlsConnector, stream: Client| {
        let name = ServerName::try_from("localhost").unwrap();
        connector.connect(name, stream.0).await
    };
    let first = service.connect().await;
    let open = connect(old.client(), first).await.unwrap();
    tls.reload(new.server());
    assert!(answered(open, "/").await.ends_with("hello"));
    let second = service.connect().await;
    assert!(connect(old.client(), second).await.is_err());
    let third = service.connect().await;
    let holds = connect(new.client(), third).await.unwrap();

    // It waits for the third to end, and is shaken hands with after that.
    let fourth = service.connect().await;
    let stop = service.stop_begun().await;
    tls.reload(last.server());
    assert!(answered(holds, "/").await.ends_with("hello"));
    let fourth = connect(last.client(), fourth).await.unwrap();
    assert!(answered(fourth, "/").await.ends_with("hello"));
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn handlers_see_who_the_client_is_and_what_it_speaks() {
    let (ours, theirs) = (Certificate::new("localhost"), Certificate::new("client"));
    let verifier = WebPkiClientVerifier::builder(Arc::new(theirs.roots()));
    let config = ServerConfig::builder().with_client_cert_verifier(verifier.build().unwrap());
    let config = config.with_single_cert(vec![ours.der.clone()], ours.key.clone_key());
    let config = Arc::new(config.unwrap());
    let expected = theirs.der.clone();
    let who = async move |tls: TlsInfo| {
        assert_eq!(tls.peer_certificates(), std::slice::from_ref(&expected));
        let alpn = tls.alpn().map(String::from_utf8_lossy);
        format!("{:?} {:?}", alpn, tls.server_name())
    };
    let routes = Router::new().route("/who", get(who));
    let service = Service::start_with(|server| server.tls(config), routes).await;
    let client = ClientConfig::builder().with_root_certificates(ours.roots());
    let client = client.with_client_auth_cert(vec![theirs.der], theirs.key);
    let mut client = client.unwrap();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let stream = service.connect().await;
    let stream = connector.connect(name, stream.0).await.unwrap();
    let answer = answered(stream, "/who").await;
    assert!(
        answer.ends_with(r#"Some("http/1.1") Some("localhost")"#),
        "{answer}"
    );
}

/// In the task that answers, and where a request is handed to another one with its `Stopping`.
#[tokio::test]
async fn who_the_client_is_is_found_in_another_task_too_and_nowhere_without_tls() {
    let asked = async |request: Asked| {
        let (mut parts, _) = request.into_parts();
        parts.extensions.insert(Stopping::current());
        let told = tokio::spawn(async move { TlsInfo::of(&parts.extensions).is_some() });
        format!("handed on {}", told.await.unwrap())
    };
    let optional = async |tls: Option<TlsInfo>| format!("is TLS {}", tls.is_some());
    let routes = Router::new()
        .route("/handed", get(asked))
        .route("/optional", get(optional))
        .route("/needed", get(async |_: TlsInfo| "over TLS"));
    let tls = start_with(routes.clone()).await;
    for (path, end) in [
        ("/handed", "handed on true"),
        ("/optional", "is TLS true"),
        ("/needed", "over TLS"),
    ] {
        let answer = answered(tls.connect().await, path).await;
        assert!(answer.ends_with(end), "{answer}");
    }
    let plain = Service::start(routes).await;
    for (path, end) in [
        ("/handed", "handed on false"),
        ("/optional", "is TLS false"),
        ("/needed", "to another server than `graceful::http::Server`"),
    ] {
        let answer = answered(plain.connect().await.0, path).await;
        assert!(answer.ends_with(end), "{answer}");
    }
}
