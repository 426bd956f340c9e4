//! Clients that open a connection for each request, as fast as they can, until nobody listens.

use crate::replica::LOST;
use crate::{Replica, Tally};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends `program` a SIGTERM while `clients` ask it, and counts what becomes of all their requests.
///
/// # Panics
///
/// Where the server does not come up, or does not end well.
pub async fn reconnect_through_a_stop(program: &str, clients: usize, load: Duration) -> Tally {
    let server = Replica::start(program, 0, &[]).await;
    let mut all = JoinSet::new();
    for _ in 0..clients {
        all.spawn(until_refused(server.address));
    }
    sleep(load).await;
    server.terminate();
    let mut tally = Tally::default();
    for seen in all.join_all().await {
        tally += seen;
    }
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    tally
}

async fn until_refused(server: SocketAddr) -> Tally {
    let mut seen = Tally::default();
    while seen.refused + seen.lost == 0 {
        match timeout(PATIENCE, ask(server, "/")).await {
            Err(_) => seen.lost += 1,
            Ok(Err(Unanswered::Refused)) => seen.refused += 1,
            Ok(Err(Unanswered::Cut)) => seen.cut += 1,
            Ok(Err(Unanswered::Late)) => seen.late += 1,
            Ok(Ok(StatusCode::OK)) => seen.answered += 1,
            Ok(Ok(_)) => seen.failed += 1,
        }
    }
    seen
}

/// What it is answered who asks for `path` over a connection of its own.
///
/// # Panics
///
/// Where there is no answer.
pub async fn status_of(server: SocketAddr, path: &str) -> StatusCode {
    ask(server, path).await.expect("an answer")
}

/// Waits until a server says at `/readyz` that it is ready. It listens before that, and a signal then is one in its start-up, which has no
/// delay.
pub(crate) async fn ready(server: SocketAddr) {
    let ready = async {
        while !ask(server, "/readyz")
            .await
            .is_ok_and(|status| status == StatusCode::OK)
        {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, ready).await.expect("it is never ready");
}

#[derive(Debug)]
enum Unanswered {
    Refused,
    Cut,
    Late,
}

/// The least that a server waits for a client that is silent: its `idle_grace`.
const IDLE_GRACE: Duration = Duration::from_millis(250);

/// Whatever goes wrong once there is a connection: the client can't know what the server has seen. A client that is
/// late to its own connection, as on a busy machine, was silent since it `began`.
fn cut_since(began: Instant) -> Unanswered {
    if began.elapsed() < IDLE_GRACE {
        Unanswered::Cut
    } else {
        Unanswered::Late
    }
}

async fn ask(server: SocketAddr, path: &str) -> Result<StatusCode, Unanswered> {
    let began = Instant::now();
    let stream = match TcpStream::connect(server).await {
        Ok(stream) => TokioIo::new(stream),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            return Err(Unanswered::Refused);
        }
        // It was established, and reset before the client had looked.
        Err(error) if error.kind() == ErrorKind::ConnectionReset => return Err(cut_since(began)),
        Err(error) => panic!("{error}: a limit of the client's machine"),
    };
    let cut = |_| cut_since(began);
    let (mut sender, connection) = handshake(stream).await.map_err(cut)?;
    let request = Request::get(path)
        .header(header::HOST, server.to_string())
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .expect("a request");
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(cut)?;
    let status = response.status();
    response.into_body().collect().await.map_err(cut)?;
    connection.abort();
    Ok(status)
}
