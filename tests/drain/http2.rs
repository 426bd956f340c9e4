//! Clients that speak HTTP/2, without TLS.

use crate::harness::{LIMIT, LOST, Service};
use axum::Router;
use axum::routing::get;
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

type Sender = SendRequest<Empty<Bytes>>;

/// The connection's task ends with the connection.
async fn connect(service: &Service) -> (Sender, JoinHandle<hyper::Result<()>>) {
    let io = TokioIo::new(service.connect().await.0);
    let (sender, connection) = handshake(TokioExecutor::new(), io).await.unwrap();
    (sender, tokio::spawn(connection))
}

async fn ask(mut sender: Sender, path: &'static str) -> Result<Bytes, hyper::Error> {
    let request = Request::get(format!("http://a{path}")).body(Empty::new());
    let answer = sender.send_request(request.unwrap()).await?;
    Ok(answer.into_body().collect().await?.to_bytes())
}

fn routes() -> Router {
    Router::new().route("/quick", get("quick")).route(
        "/slow",
        get(async || {
            sleep(LIMIT / 4).await;
            "done"
        }),
    )
}

#[tokio::test]
async fn open_streams_are_finished_and_the_client_is_told_to_go() {
    let service = Service::start(routes()).await;
    let (sender, connection) = connect(&service).await;
    let asked: Vec<_> = (0..10)
        .map(|_| tokio::spawn(ask(sender.clone(), "/slow")))
        .collect();
    service.in_flight(10).await;
    let stop = service.stop();
    for answer in asked {
        assert_eq!(answer.await.unwrap().unwrap(), "done");
    }
    // GOAWAY without an error, then the end.
    timeout(LOST, connection).await.unwrap().unwrap().unwrap();
    assert!(sender.is_closed());
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn an_idle_connection_is_told_to_go() {
    let service = Service::start(routes()).await;
    let (sender, connection) = connect(&service).await;
    assert_eq!(ask(sender.clone(), "/quick").await.unwrap(), "quick");
    let stop = service.stop();
    timeout(LOST, connection).await.unwrap().unwrap().unwrap();
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn the_first_request_of_an_accepted_connection_is_answered() {
    let service = Service::start(routes()).await;
    let stream = service.connect().await;
    service.connections(1).await;
    let stop = service.stop();
    sleep(std::time::Duration::from_millis(50)).await;
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream.0))
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(ask(sender, "/quick").await.unwrap(), "quick");
    timeout(LOST, connection).await.unwrap().unwrap().unwrap();
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_stream_that_does_not_end_is_cut_its_handler_dropped_and_named() {
    struct Dropped(Arc<AtomicBool>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let dropped = Arc::new(AtomicBool::new(false));
    let notes = dropped.clone();
    let routes = Router::new().route(
        "/hangs",
        get(async move || {
            let _notes = Dropped(notes.clone());
            std::future::pending::<()>().await;
        }),
    );
    let service = Service::start(routes).await;
    let (sender, _connection) = connect(&service).await;
    let asked = tokio::spawn(ask(sender, "/hangs"));
    service.in_flight(1).await;
    let stop = service.stop();
    assert!(asked.await.unwrap().is_err());
    stop.await.unwrap().assert_cut(&["GET /hangs"]);
    let until_dropped = async {
        while !dropped.load(Ordering::Relaxed) {
            sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, until_dropped).await.unwrap();
}

/// Asleep, or behind a line that is down: no GOAWAY or PING is ever acknowledged.
#[tokio::test]
async fn a_client_that_is_gone_is_not_waited_for() {
    let service = Service::start_with(|server| server.idle_grace(LIMIT / 20), routes()).await;
    let mut client = service.connect().await;
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    client.send("\0\0\0\u{4}\0\0\0\0\0").await;
    // HEADERS of stream 1: `GET http://a/quick`, in HPACK's static names.
    let head = b"\0\0\x0d\x01\x05\0\0\0\x01\x82\x86\x04\x06/quick\x01\x01a";
    client.0.write_all(head).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"quick") {
        answer.push(client.0.read_u8().await.unwrap());
    }
    let stopped = service.stop().await.unwrap();
    stopped.assert_drained();
}

/// The field that closes next may be what they still use.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_has_ended_when_the_handlers_that_it_cut_have_been_dropped() {
    struct SlowToDrop(Arc<AtomicBool>);
    impl Drop for SlowToDrop {
        fn drop(&mut self) {
            std::thread::sleep(LIMIT / 10);
            self.0.store(true, Ordering::Release);
        }
    }
    let dropped = Arc::new(AtomicBool::new(false));
    let notes = dropped.clone();
    let routes = Router::new().route(
        "/hangs",
        get(async move || {
            let _notes = SlowToDrop(notes.clone());
            std::future::pending::<()>().await;
        }),
    );
    let service = Service::start(routes).await;
    let server = service.server.clone();
    let (sender, _connection) = connect(&service).await;
    let asked = tokio::spawn(ask(sender, "/hangs"));
    service.in_flight(1).await;
    service.stop().await.unwrap().assert_cut(&["GET /hangs"]);
    assert!(asked.await.unwrap().is_err());
    let ended = async {
        while server.connections() > 0 {
            sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, ended).await.unwrap();
    assert!(dropped.load(Ordering::Acquire));
}
