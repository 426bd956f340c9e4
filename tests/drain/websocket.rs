//! WebSockets: a close frame before the end of the connection, whatever their handlers do.

use crate::harness::{LIMIT, LONG, LOST, Service};
use axum::Router;
use axum::response::Response;
use axum::routing::any;
use futures_util::{SinkExt as _, StreamExt as _};
use graceful::ws::{CloseFrame, Message as Said, WebSocket, WebSocketUpgrade};
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::ext::Protocol;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Longer than a machine stands still.
const SPREAD: Duration = Duration::from_secs(3);

fn routes() -> Router {
    let upgrade = |upgrade: WebSocketUpgrade| upgrade.close_timeout(CLOSE_TIMEOUT);
    Router::new()
        .route(
            "/echo",
            any(async move |ws: WebSocketUpgrade| upgrade(ws).on_upgrade(echo)),
        )
        .route(
            "/ticks",
            any(async move |ws: WebSocketUpgrade| upgrade(ws).on_upgrade(ticks)),
        )
        .route(
            "/busy",
            any(async move |ws: WebSocketUpgrade| upgrade(ws).on_upgrade(busy)),
        )
        .route(
            "/elsewhere",
            any(async move |ws: WebSocketUpgrade| upgrade(ws).on_upgrade(elsewhere)),
        )
        .route("/restarts", any(restarts))
        .nest("/nested", Router::new().route("/hangs", any(hangs)))
        .route("/axum", any(plain))
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            break;
        }
    }
}

/// Only ever sends.
async fn ticks(mut socket: WebSocket) {
    while socket.send("tick".into()).await.is_ok() {
        sleep(Duration::from_millis(10)).await;
    }
}

/// Has something else to do for longer than the close frame may wait.
async fn busy(mut socket: WebSocket) {
    sleep(4 * LIMIT).await;
    // What the client said meanwhile has not been lost.
    let said = socket.recv().await.unwrap().unwrap();
    assert_eq!(said.to_text().unwrap(), "while you were busy");
}

/// Hands it to another task.
async fn elsewhere(socket: WebSocket) {
    tokio::spawn(echo(socket));
}

async fn hangs(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|_socket| pending())
}

async fn restarts(upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .close_code(1012)
        .close_reason("a new version is coming")
        .close_spread(SPREAD)
        .on_upgrade(echo)
}

/// axum's own, which knows of no stop.
async fn plain(upgrade: axum::extract::ws::WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move { while socket.recv().await.is_some() {} })
}

type Client = WebSocketStream<TcpStream>;

async fn connect(service: &Service, path: &str) -> Client {
    let stream = service.connect().await;
    let url = format!("ws://{}{path}", service.address);
    client_async(url, stream.0).await.unwrap().0
}

/// Reads to the close frame and past it to the end of the connection, answering as tungstenite does.
async fn closed<S>(client: &mut WebSocketStream<S>) -> (u16, String)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut close = None;
    let read = async {
        while let Some(message) = client.next().await {
            if let Message::Close(Some(frame)) = message.unwrap() {
                close = Some((frame.code.into(), frame.reason.to_string()));
            }
        }
    };
    timeout(LOST, read).await.expect("it is not closed");
    close.expect("no close frame")
}

fn going_away() -> (u16, String) {
    (1001, "the server is shutting down".to_owned())
}

#[tokio::test]
async fn an_idle_one_is_told() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/echo").await;
    let stop = service.stop();
    assert_eq!(closed(&mut client).await, going_away());
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn one_that_is_sent_to_is_told() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/ticks").await;
    client.next().await.unwrap().unwrap();
    let stop = service.stop();
    assert_eq!(closed(&mut client).await, going_away());
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn one_whose_handler_is_busy_is_told_at_once_and_its_messages_are_kept() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/busy").await;
    client.send("while you were busy".into()).await.unwrap();
    let stop = service.stop();
    let began = Instant::now();
    assert_eq!(closed(&mut client).await, going_away());
    assert!(began.elapsed() < 2 * LIMIT, "{:?}", began.elapsed());
    // The handler is waited for.
    let stopped = stop.await.unwrap();
    assert!(stopped.took > 2 * LIMIT, "{:?}", stopped.took);
    stopped.assert_drained();
}

#[tokio::test]
async fn one_that_its_handler_has_handed_to_another_task_is_told() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/elsewhere").await;
    client.send("hello".into()).await.unwrap();
    client.next().await.unwrap().unwrap();
    let stop = service.stop();
    assert_eq!(closed(&mut client).await, going_away());
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn one_that_is_let_go_is_closed_at_once() {
    let let_go = any(async |ws: WebSocketUpgrade| {
        // A future that has ended and still has the socket.
        ws.on_upgrade(|socket| socket.take(1).for_each(|_| ready(())))
    });
    let routes = Router::new().route("/", let_go);
    let service = Service::start(routes).await;
    let mut client = connect(&service, "/").await;
    client.send("hello".into()).await.unwrap();
    let end = timeout(LOST, client.next()).await;
    assert!(!matches!(end.expect("it ends"), Some(Ok(_))));
    service.connections(0).await;
}

#[tokio::test]
async fn one_that_does_not_answer_is_closed_by_force_and_counted() {
    let service = Service::start(routes()).await;
    // It speaks HTTP and then nothing: the frame comes, and is not answered.
    let mut client = service.connect().await;
    let request = format!(
        "GET /echo HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: {}\r\n\r\n",
        generate_key()
    );
    client.send(&request).await;
    client.read_to("\r\n\r\n").await;
    let stopped = service.stop().await.unwrap();
    stopped.assert_drained();
    assert!(stopped.took >= CLOSE_TIMEOUT, "{:?}", stopped.took);
    let step = stopped.report.leaves().next().unwrap();
    assert_eq!(
        step.note.as_deref(),
        Some("1 WebSocket did not answer its close")
    );
}

#[tokio::test]
async fn code_and_reason_can_be_set_and_the_closes_spread() {
    let service = Service::start(routes()).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(connect(&service, "/restarts").await);
    }
    let stop = service.stop();
    let began = Instant::now();
    let moments = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            let close = closed(&mut client).await;
            assert_eq!(close, (1012, "a new version is coming".to_owned()));
            began.elapsed()
        })
    });
    let mut all = Vec::new();
    for moment in moments.collect::<Vec<_>>() {
        all.push(moment.await.unwrap());
    }
    all.sort();
    // Twenty random moments all in a fifth of the window: once in 10^12 runs.
    assert!(all[19] > all[0] + SPREAD / 5, "{all:?}");
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_handler_that_does_not_end_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/nested/hangs").await;
    let stop = service.stop_within(LIMIT);
    assert_eq!(closed(&mut client).await, going_away());
    let stopped = stop.await.unwrap();
    stopped.assert_cut(&["1 in flight: WebSocket /nested/hangs ("]);
}

#[tokio::test]
async fn one_of_axums_own_is_waited_for_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/axum").await;
    let stop = service.stop_within(LIMIT);
    let end = timeout(LOST, client.next()).await.unwrap();
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
    stop.await
        .unwrap()
        .assert_cut(&["1 in flight: upgraded /axum (", "`graceful::ws`"]);
}

#[tokio::test]
async fn a_new_one_is_refused() {
    let service = Service::start_with(|server| server.idle_grace(LONG), routes()).await;
    let server = service.server.clone();
    // Accepted before the stop, asked after it.
    let stream = service.connect().await;
    let url = format!("ws://{}/echo", service.address);
    service.connections(1).await;
    let stop = service.stop();
    Service::closes(&server).await;
    match client_async(url, stream.0).await {
        Err(Error::Http(answer)) => {
            assert_eq!(answer.status(), 503);
            assert_eq!(answer.headers()["retry-after"], "1");
        }
        other => panic!("{other:?}"),
    }
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn one_that_has_gone_is_not_waited_for() {
    let service = Service::start(routes()).await;
    let mut client = connect(&service, "/echo").await;
    client.get_mut().shutdown().await.unwrap();
    service.connections(0).await;
    service.stop().await.unwrap().assert_drained();
}

/// Nor is the moment waited for at which it was to be told.
#[tokio::test]
async fn nor_is_its_moment() {
    let spread = async |upgrade: WebSocketUpgrade| upgrade.close_spread(LONG).on_upgrade(echo);
    let service = Service::start(Router::new().route("/spread", any(spread))).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(connect(&service, "/spread").await);
    }
    let server = service.server.clone();
    let stop = service.stop();
    Service::closes(&server).await;
    for client in &mut clients {
        client.close(None).await.unwrap();
    }
    let stopped = stop.await.unwrap();
    stopped.assert_drained();
    // Twenty random moments all in the first half of the window: once in 10^6 runs.
    assert!(stopped.took < LONG / 3, "{:?}", stopped.took);
}

/// The handler has told its client why, which reads that when the server closes, and has said something itself meanwhile.
#[tokio::test]
async fn one_that_its_handler_is_closing_is_closed_as_that_has_said() {
    let kicked = Arc::new(Notify::new());
    let kicks = {
        let kicked = kicked.clone();
        async move |mut socket: WebSocket| {
            let frame = CloseFrame {
                code: 4001,
                reason: "kicked".into(),
            };
            let _ = socket.recv().await;
            socket.send(Said::Close(Some(frame))).await.unwrap();
            kicked.notify_one();
            // It has something else to do before it reads the answer.
            sleep(LIMIT).await;
            while socket.recv().await.is_some() {}
        }
    };
    let routes = Router::new().route(
        "/kicks",
        any(async move |ws: WebSocketUpgrade| ws.on_upgrade(kicks)),
    );
    let service = Service::start(routes).await;
    let mut client = connect(&service, "/kicks").await;
    for _ in 0..3 {
        client.send("hello".into()).await.unwrap();
    }
    kicked.notified().await;
    let server = service.server.clone();
    let stop = service.stop();
    Service::closes(&server).await;
    sleep(LIMIT / 10).await;
    let close = closed(&mut client).await;
    assert_eq!(close, (4001, "kicked".to_owned()));
    stop.await.unwrap().assert_drained();
}

/// An upgrade that is not answered with what `on_upgrade` returns.
#[tokio::test]
async fn one_that_is_begun_after_its_answer_holds_nothing() {
    let routes = Router::new().route(
        "/late",
        any(async |upgrade: WebSocketUpgrade| {
            tokio::spawn(async move {
                sleep(LIMIT / 20).await;
                drop(upgrade.on_upgrade(echo));
            });
            "no"
        }),
    );
    let service = Service::start(routes).await;
    let stream = service.connect().await;
    let url = format!("ws://{}/late", service.address);
    assert!(client_async(url, stream.0).await.is_err());
    sleep(LIMIT / 10).await;
    service.connections(0).await;
    service.stop().await.unwrap().assert_drained();
}

/// Over HTTP/2 (RFC 8441), where a WebSocket is a stream among others.
async fn connect_over_http2(service: &Service, path: &str) -> WebSocketStream<TokioIo<Upgraded>> {
    let io = TokioIo::new(service.connect().await.0);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    // The server's settings allow it, and have to come first: they have where there is an answer.
    let first = Request::get("http://a/").body(Empty::<Bytes>::new());
    sender.send_request(first.unwrap()).await.unwrap();
    let ask = Request::connect(format!("http://a{path}"))
        .extension(Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13")
        .body(Empty::<Bytes>::new());
    let answer = sender.send_request(ask.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let upgraded = TokioIo::new(hyper::upgrade::on(answer).await.unwrap());
    WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await
}

#[tokio::test]
async fn one_over_http2_is_told() {
    let service = Service::start(routes()).await;
    let mut client = connect_over_http2(&service, "/echo").await;
    client.send("hello".into()).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), "hello".into());
    let stop = service.stop();
    assert_eq!(closed(&mut client).await, going_away());
    stop.await.unwrap().assert_drained();
}

#[tokio::test]
async fn a_handler_over_http2_that_does_not_end_is_cut_and_named() {
    let service = Service::start(routes()).await;
    let mut client = connect_over_http2(&service, "/nested/hangs").await;
    let stop = service.stop_within(LIMIT);
    assert_eq!(closed(&mut client).await, going_away());
    stop.await
        .unwrap()
        .assert_cut(&["1 in flight: WebSocket /nested/hangs ("]);
}

#[tokio::test]
async fn one_of_axums_own_over_http2_is_waited_for_cut_and_named() {
    let service = Service::start(routes()).await;
    let _client = connect_over_http2(&service, "/axum").await;
    let stop = service.stop_within(LIMIT);
    stop.await
        .unwrap()
        .assert_cut(&["1 in flight: an upgraded stream from 127.0.0.1"]);
}
