//! Clients that hold a `WebSocket` open until the server closes it.

use crate::Replica;
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{client_async, tungstenite::protocol::CloseFrame};

/// How many handshakes are under way at the same time.
const AT_ONCE: usize = 64;

/// How long a client waits for the close.
const PATIENCE: Duration = Duration::from_secs(50);

/// How the sockets ended.
#[derive(Debug, Default)]
pub struct Closed {
    /// With which code and reason, or error, and how many of them.
    pub how: BTreeMap<String, usize>,
    /// From the signal to the end of the process.
    pub took: Duration,
}

/// Opens `sockets` connections to `program`, sends it a SIGTERM, and sees how each is closed.
///
/// # Panics
///
/// Where the server does not come up, or does not end well.
pub async fn close_websockets(program: &str, sockets: usize) -> Closed {
    let server = Replica::start(program, 0, &[]).await;
    let mut clients = JoinSet::new();
    let (opened, mut open) = mpsc::channel(AT_ONCE);
    for number in 0..sockets {
        if number >= AT_ONCE {
            open.recv().await.expect("the clients run");
        }
        clients.spawn(until_closed(server.address, opened.clone()));
    }
    for _ in 0..sockets.min(AT_ONCE) {
        open.recv().await.expect("the clients run");
    }
    let began = Instant::now();
    server.terminate();
    let mut how = BTreeMap::new();
    for closed in clients.join_all().await {
        *how.entry(closed).or_default() += 1;
    }
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    let took = began.elapsed();
    Closed { how, took }
}

async fn until_closed(server: SocketAddr, opened: mpsc::Sender<()>) -> String {
    let stream = tokio::net::TcpStream::connect(server).await;
    let stream = stream.expect("the server accepts");
    let address = format!("ws://{server}/ws");
    let (mut socket, _) = client_async(address, stream).await.expect("an upgrade");
    opened.send(()).await.expect("the test goes on");
    let closed = async {
        let mut code = None;
        // To the end of the connection: the answer to the close is sent on the way.
        while let Some(message) = socket.next().await {
            match message {
                Ok(Message::Close(frame)) => code = Some(frame),
                Ok(_) => {}
                Err(error) => return code.map_or_else(|| cut(&error), closed_with),
            }
        }
        code.map_or_else(|| "no close".to_owned(), closed_with)
    };
    let closed = timeout(PATIENCE, closed).await;
    closed.unwrap_or_else(|_| "never".to_owned())
}

fn closed_with(frame: Option<CloseFrame>) -> String {
    frame.map_or_else(
        || "a close without a code".to_owned(),
        |frame| format!("{} {}", u16::from(frame.code), frame.reason),
    )
}

fn cut(error: &Error) -> String {
    format!("cut: {error}")
}
