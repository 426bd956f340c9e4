//! TLS: its handshakes belong to the connections, and hold nobody else up.

use crate::harness::{Client, Service, Stopped};
use axum::Router;
use axum::routing::get;
use graceful::http::Builder;
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io::Write as _;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig};

pub(crate) struct Tls {
    pub(crate) service: Service,
    connector: TlsConnector,
}

async fn start() -> Tls {
    start_with(Router::new().route("/", get("hello"))).await
}

pub(crate) async fn start_with(routes: Router) -> Tls {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = |server: Builder| server.tls(Arc::new(config));
    Tls {
        service: Service::start_with(tls, routes).await,
        connector: Arc::new(client).into(),
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
    let tls = start().await;
    let mut client = tls.connect().await;
    let stop = tls.service.stop();
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
