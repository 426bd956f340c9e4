//! Clients that speak HTTP/2, without TLS.

use crate::harness::{Client, Hanging, LIMIT, LONG, LOST, Service, works_into_the_close};
use axum::Router;
use axum::routing::get;
use graceful::http::Builder;
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

pub(crate) type Sender = SendRequest<Empty<Bytes>>;

/// The connection's task ends with the connection.
pub(crate) async fn connect(service: &Service) -> (Sender, JoinHandle<hyper::Result<()>>) {
    let io = TokioIo::new(service.connect().await.0);
    let (sender, connection) = handshake(TokioExecutor::new(), io).await.unwrap();
    (sender, tokio::spawn(connection))
}

pub(crate) async fn ask(mut sender: Sender, path: &'static str) -> Result<Bytes, hyper::Error> {
    let request = Request::get(format!("http://a{path}")).body(Empty::new());
    let answer = sender.send_request(request.unwrap()).await?;
    Ok(answer.into_body().collect().await?.to_bytes())
}

fn routes() -> Router {
    Router::new()
        .route("/quick", get("quick"))
        .route("/slow", get(works_into_the_close))
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
    let service = Service::start_with(|server| server.idle_grace(LONG), routes()).await;
    let stream = service.connect().await;
    service.connections(1).await;
    let stop = service.stop_begun().await;
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
    let hanging = Hanging::default();
    let service = Service::start(hanging.routes()).await;
    let (sender, _connection) = connect(&service).await;
    let asked = tokio::spawn(ask(sender, "/hangs"));
    service.in_flight(1).await;
    let stop = service.stop_within(LIMIT);
    assert!(asked.await.unwrap().is_err());
    stop.await.unwrap().assert_cut(&["GET /hangs"]);
    hanging.dropped().await;
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

/// What it had sent before it went says nothing of whether it lives.
#[tokio::test]
async fn nor_is_one_whose_last_word_has_crossed_the_goaway() {
    let service = Service::start_with(|server| server.idle_grace(LIMIT / 20), routes()).await;
    let mut client = Raw::connect(&service).await;
    client.ask(1).await;
    client.read_to(DATA).await;
    let stop = service.stop();
    client.read_to(GOAWAY).await;
    client.send(PING, 0, 0, b"are you?").await.unwrap();
    stop.await.unwrap().assert_drained();
}

/// The client's window is shut: the answer is in hyper's hands, and nothing but the client's silence tells of it.
async fn unread_answer() -> (Service, Raw) {
    let service = Service::start_with(|server| server.idle_grace(2 * LIMIT), routes()).await;
    // SETTINGS_INITIAL_WINDOW_SIZE: a byte.
    let mut client = Raw::connect_with(&service, &[0, 4, 0, 0, 0, 1]).await;
    client.ask(1).await;
    assert_eq!(client.read_to(DATA).await, b"q");
    (service, client)
}

#[tokio::test]
async fn one_that_acknowledges_and_reads_no_further_is_waited_for_cut_and_named() {
    let (service, mut client) = unread_answer().await;
    let stop = service.stop_within(4 * LIMIT);
    let ping = client.read_to(PING).await;
    client.send(PING, 1, 0, &ping).await.unwrap();
    let name = "an answer that is not read from 127.0.0.1";
    stop.await.unwrap().assert_cut(&[name]);
}

/// Lost between two pieces, it would be taken for a client that is gone, and its answer be dropped.
#[tokio::test]
async fn so_is_one_whose_acknowledgement_comes_in_two_pieces() {
    let (service, mut client) = unread_answer().await;
    let stop = service.stop_within(4 * LIMIT);
    let ping = client.read_to(PING).await;
    let (head, rest) = (b"\0\0\x08\x06\x01", [&[0; 4], &*ping].concat());
    client.0.0.write_all(head).await.unwrap();
    sleep(LIMIT / 20).await;
    client.0.0.write_all(&rest).await.unwrap();
    let name = "an answer that is not read from 127.0.0.1";
    stop.await.unwrap().assert_cut(&[name]);
}

/// What a client sends may have the same bytes.
#[tokio::test]
async fn bytes_of_a_body_are_no_acknowledgement() {
    let service = Service::start_with(|server| server.idle_grace(LIMIT / 20), routes()).await;
    let mut client = Raw::connect(&service).await;
    client.ask(1).await;
    client.read_to(DATA).await;
    // It is never sent to its end.
    let half = b"\0\0\xff\0\0\0\0\0\x01half of it";
    client.0.0.write_all(half).await.unwrap();
    let stop = service.stop();
    let ping = client.read_to(PING).await;
    client.send(PING, 1, 0, &ping).await.unwrap();
    stop.await.unwrap().assert_drained();
}

/// What a client with wide windows, as browsers and curl have them, asks for is sent to it at once, as far as its line takes it. It says
/// nothing while it reads that, and the PING behind the GOAWAY comes last.
async fn slowly_read(length: usize) -> (Service, Raw) {
    let routes = Router::new().route("/quick", get(async move || vec![b'x'; length]));
    let service = Service::start_with(|server| server.idle_grace(LIMIT / 20), routes).await;
    // SETTINGS_INITIAL_WINDOW_SIZE, and the window of the connection.
    let mut client = Raw::connect_with(&service, &[0, 4, 0x7f, 0xff, 0xff, 0xff]).await;
    let wide = client.send(WINDOW_UPDATE, 0, 0, &[0x40, 0, 0, 0]).await;
    wide.unwrap();
    client.ask(1).await;
    (service, client)
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_is_sent_to_its_end() {
    const LENGTH: usize = 1 << 24;
    let (service, mut client) = slowly_read(LENGTH).await;
    let mut read = client.read_to(DATA).await.len();
    // All of it is in hyper's hands, and most not in the kernel's.
    service.in_flight(0).await;
    let stop = service.stop();
    sleep(LIMIT).await;
    while let Some((kind, flags, payload)) = client.frame().await {
        match (kind, flags) {
            (DATA, _) => read += payload.len(),
            (PING, 0) => client.send(PING, 1, 0, &payload).await.unwrap(),
            _ => {}
        }
    }
    assert_eq!(read, LENGTH);
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn one_that_is_never_read_is_cut_and_named() {
    let (service, mut client) = slowly_read(1 << 24).await;
    client.read_to(DATA).await;
    service.in_flight(0).await;
    let stopped = service.stop_within(LIMIT).await.unwrap();
    stopped.assert_cut(&["an answer that is not read from 127.0.0.1"]);
}

/// A client that writes frames itself.
struct Raw(Client);

const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const PING: u8 = 6;
const DATA: u8 = 0;
const WINDOW_UPDATE: u8 = 8;

impl Raw {
    async fn connect(service: &Service) -> Self {
        Self::connect_with(service, &[]).await
    }

    async fn connect_with(service: &Service, settings: &[u8]) -> Self {
        let mut client = Self(service.connect().await);
        client.0.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        client.send(SETTINGS, 0, 0, settings).await.unwrap();
        client
    }

    async fn send(
        &mut self,
        kind: u8,
        flags: u8,
        stream: u8,
        payload: &[u8],
    ) -> std::io::Result<()> {
        let length = u8::try_from(payload.len()).unwrap();
        let head = [0, 0, length, kind, flags, 0, 0, 0, stream];
        self.0.0.write_all(&[&head, payload].concat()).await
    }

    /// `GET http://a/quick`, in HPACK's static names.
    async fn ask(&mut self, stream: u8) {
        let head = b"\x82\x86\x04\x06/quick\x01\x01a";
        self.send(1, 5, stream, head).await.unwrap();
    }

    /// The next frame's kind, flags and payload; `None` at the end.
    async fn frame(&mut self) -> Option<(u8, u8, Vec<u8>)> {
        let mut head = [0; 9];
        self.0.0.read_exact(&mut head).await.ok()?;
        let mut payload = vec![0; usize::from(head[1]) * 256 + usize::from(head[2])];
        self.0.0.read_exact(&mut payload).await.ok()?;
        Some((head[3], head[4], payload))
    }

    /// Reads to a frame of this kind that is no acknowledgement.
    async fn read_to(&mut self, kind: u8) -> Vec<u8> {
        let read = async {
            loop {
                match self.frame().await.expect("it goes on") {
                    (is, flags, payload) if is == kind && (kind == DATA || flags & 1 == 0) => {
                        return payload;
                    }
                    _ => {}
                }
            }
        };
        timeout(LOST, read).await.expect("it comes")
    }
}

/// The first GOAWAY names no last stream, since requests may be on their way.
#[tokio::test]
async fn a_stream_behind_the_first_goaway_is_answered_and_named_by_the_second() {
    let service = Service::start(routes()).await;
    let mut client = Raw::connect(&service).await;
    client.ask(1).await;
    assert_eq!(client.read_to(DATA).await, b"quick");
    let stop = service.stop();
    assert_eq!(client.read_to(GOAWAY).await[..4], [0x7f, 0xff, 0xff, 0xff]);
    client.ask(3).await;
    let ping = client.read_to(PING).await;
    client.send(PING, 1, 0, &ping).await.unwrap();
    let mut seen = Vec::new();
    while let Some((kind, _, payload)) = client.frame().await {
        if kind == DATA || kind == GOAWAY {
            seen.push((kind, payload));
        }
    }
    let is = |kind: u8, begin: &[u8]| {
        seen.iter()
            .any(|(is, payload)| *is == kind && payload.starts_with(begin))
    };
    assert!(is(GOAWAY, &[0, 0, 0, 3]) && is(DATA, b"quick"), "{seen:?}");
    stop.await.unwrap().assert_drained();
}

/// Clients keep their connections alive so.
#[tokio::test]
async fn a_client_that_pings_and_has_asked_nothing_is_told_to_go() {
    let options = |server: Builder| server.half_request_grace(LIMIT / 4);
    let service = Service::start_with(options, routes()).await;
    let mut client = Raw::connect(&service).await;
    service.connections(1).await;
    let stop = service.stop();
    let mut goes_on = true;
    while goes_on {
        client.send(PING, 0, 0, b"are you?").await.unwrap();
        let next = Instant::now() + LIMIT / 50;
        while let Ok(frame) = timeout_at(next, client.frame()).await {
            match frame {
                Some((PING, 0, payload)) => client.send(PING, 1, 0, &payload).await.unwrap(),
                Some(_) => {}
                None => {
                    goes_on = false;
                    break;
                }
            }
        }
    }
    drop(client);
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_client_that_acknowledges_nothing_and_goes_on_sending_is_named_for_that() {
    let service = Service::start_with(|server| server.idle_grace(2 * LIMIT), routes()).await;
    let mut client = Raw::connect(&service).await;
    client.ask(1).await;
    client.read_to(DATA).await;
    let stop = service.stop_within(4 * LIMIT);
    let sends = tokio::spawn(async move {
        // Of a kind that nobody knows, which is ignored.
        while client.send(0xfa, 0, 0, &[]).await.is_ok() {
            sleep(LIMIT / 100).await;
        }
    });
    let name = "an HTTP/2 client that was told to go and goes on sending from 127.0.0.1";
    stop.await.unwrap().assert_cut(&[name]);
    sends.await.unwrap();
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
    let stopped = service.stop_within(LIMIT).await.unwrap();
    stopped.assert_cut(&["GET /hangs"]);
    let asked = timeout(LOST, asked).await;
    let asked = asked.unwrap_or_else(|_| panic!("it is not cut: {}", stopped.report));
    assert!(asked.unwrap().is_err());
    let ended = async {
        while server.connections() > 0 {
            sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, ended).await.unwrap();
    assert!(dropped.load(Ordering::Acquire));
}
