//! While the delay passes: still serving, and saying goodbye.

use crate::harness::{Client, LOST};
use axum::Router;
use axum::routing::get;
use graceful::health::Health;
use graceful::http::Server;
use graceful::{Handle, Phase};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// So long that a machine that stands still leaves time before its end.
const DELAY: Duration = Duration::from_secs(5);

/// A program whose stop has a delay, on a thread of its own.
struct Program {
    address: SocketAddr,
    handle: Handle,
    /// Told of each request that blocks.
    begun: mpsc::Receiver<()>,
    thread: JoinHandle<()>,
}

fn start() -> Program {
    let (send, started) = mpsc::channel();
    let (begins, begun) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        graceful::Builder::multi_thread()
            .worker_threads(1)
            .signals([])
            .timeout(Duration::from_secs(30))
            .delay(DELAY)
            // On a busy machine a body that has not been polled since would be dropped, and a function whose body is
            // dropped ends the process: this one, with all other tests, and with 0.
            .listens(true)
            .run(async move {
                let blocks = async move || {
                    begins.send(()).unwrap();
                    std::thread::sleep(DELAY / 4);
                    "blocked"
                };
                let long = || async {
                    tokio::time::sleep(2 * DELAY).await;
                    "done"
                };
                let routes = Router::new()
                    .route("/", get("hello"))
                    .route("/long", get(long))
                    .route("/blocks", get(blocks));
                let routes = routes.merge(Health::new().router());
                let server = Server::bind("127.0.0.1:0").await.unwrap().serve(routes);
                let address = server.local_addr().unwrap();
                // A function, and no `main`: this process goes on.
                graceful::manage(server);
                send.send((address, Handle::current())).unwrap();
                graceful::requested().await;
            });
    });
    let (address, handle) = started.recv().unwrap();
    // A start-up that is asked to stop has no delay.
    while handle.phase() < Phase::Running {
        std::thread::sleep(Duration::from_millis(1));
    }
    Program {
        address,
        handle,
        begun,
        thread,
    }
}

impl Program {
    async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Returns once it drains.
    async fn request_stop(&self) {
        self.handle.request("the test's wish");
        let drains = async {
            while self.handle.phase() < Phase::Draining {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LOST, drains).await.unwrap();
    }

    async fn ends(self) {
        let end = tokio::task::spawn_blocking(|| self.thread.join().unwrap());
        tokio::time::timeout(LOST, end).await.unwrap().unwrap();
    }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

#[tokio::test]
async fn answers_say_close_readiness_is_503_and_liveness_200() {
    let program = start();
    let mut kept = program.connect().await;
    kept.send(&request("/")).await;
    assert!(!kept.read_to("hello").await.contains("connection: close"));
    let began = Instant::now();
    program.request_stop().await;

    // At once, and as long as the delay has time left; over new connections too.
    let mut asked = 0;
    while began.elapsed() < DELAY / 2 {
        let mut client = program.connect().await;
        client.send(&request("/readyz")).await;
        let answer = client.rest().await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        let body = r#"{"status":"shutting_down","message":"Service is shutting down"}"#;
        assert!(answer.ends_with(body), "{answer}");
        let mut client = program.connect().await;
        client.send(&request("/livez")).await;
        assert!(client.rest().await.starts_with("HTTP/1.1 200 "));
        asked += 1;
    }
    assert!(asked > 1);
    kept.send(&request("/")).await;
    let answer = kept.rest().await;
    assert!(
        answer.contains("connection: close\r\n") && answer.ends_with("hello"),
        "{answer}"
    );
    program.ends().await;
    assert!(began.elapsed() >= DELAY);
}

/// Also where nobody but the handler has run since.
#[tokio::test]
async fn answers_say_close_from_the_first_moment() {
    let program = start();
    let mut client = program.connect().await;
    client.send(&request("/blocks")).await;
    program.begun.recv_timeout(LOST).unwrap();
    program.request_stop().await;
    let answer = client.rest().await;
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("blocked"), "{answer}");
    program.ends().await;
}

type Sender = http2::SendRequest<Empty<Bytes>>;

async fn http2(program: &Program) -> (Sender, Connection) {
    let io = TokioIo::new(program.connect().await.0);
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    (sender, tokio::spawn(connection))
}

type Connection = tokio::task::JoinHandle<hyper::Result<()>>;

async fn ask(sender: &mut Sender) -> hyper::Result<Bytes> {
    ask_for(sender, "/").await
}

async fn ask_for(sender: &mut Sender, path: &str) -> hyper::Result<Bytes> {
    sender.ready().await?;
    let uri = format!("http://a{path}");
    let request = Request::get(uri).body(Empty::new()).unwrap();
    let answer = sender.send_request(request).await?;
    Ok(answer.into_body().collect().await?.to_bytes())
}

#[tokio::test]
async fn http2_connections_that_are_idle_are_told_to_go_at_once() {
    let program = start();
    let (mut sender, connection) = http2(&program).await;
    assert_eq!(ask(&mut sender).await.unwrap(), "hello");
    let began = Instant::now();
    program.request_stop().await;
    tokio::time::timeout(LOST, connection)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(began.elapsed() < DELAY, "{:?}", began.elapsed());
    program.ends().await;
}

/// A client that never pauses would lose what it has not sent yet.
#[tokio::test]
async fn http2_connections_that_are_busy_are_told_when_the_server_closes() {
    let program = start();
    let (mut sender, _) = http2(&program).await;
    assert_eq!(ask(&mut sender).await.unwrap(), "hello");
    // Where a busy machine makes the client pause, it is none that could be told at once all the same.
    let mut sends = sender.clone();
    let long = tokio::spawn(async move { ask_for(&mut sends, "/long").await });
    assert_eq!(ask(&mut sender).await.unwrap(), "hello");
    program.request_stop().await;
    while let Ok(answer) = ask(&mut sender).await {
        assert_eq!(answer, "hello");
    }
    assert!(program.handle.phase() >= Phase::Closing);
    assert_eq!(long.await.unwrap().unwrap(), "done");
    program.ends().await;
}

/// A client that has come by now has nowhere else to go: told again and again, it would do nothing but connect.
#[tokio::test]
async fn http2_connections_that_come_now_are_left_alone_until_the_server_closes() {
    let program = start();
    program.request_stop().await;
    let (mut sender, connection) = http2(&program).await;
    assert_eq!(ask(&mut sender).await.unwrap(), "hello");
    while program.handle.phase() < Phase::Closing {
        assert!(!connection.is_finished());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let told = tokio::time::timeout(LOST, connection).await;
    told.unwrap().unwrap().unwrap();
    program.ends().await;
}
