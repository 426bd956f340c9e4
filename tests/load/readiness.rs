//! How long after the signal a probe may still be told that the service is ready.

use crate::Replica;
use crate::reconnecting::ready;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Connections that ask without a pause, while the probes do.
const BUSY: usize = 64;

/// Probes that are asked in turns, so that there is nearly always one on its way.
const PROBES: usize = 4;

/// Sends `program` a SIGTERM under load: when, counted from the signal, the last probe was *sent* that
/// was answered as if nothing had happened. Zero where all that came after it knew.
///
/// # Panics
///
/// Where the server does not come up, or does not end well.
pub async fn ready_for_after_the_signal(program: &str) -> Duration {
    let server = Replica::start(program, 0, &[("GRACEFUL_DELAY", "2s")]).await;
    // A probe before that is told that it starts, and would end here.
    ready(server.address).await;
    let mut load = JoinSet::new();
    for _ in 0..BUSY {
        load.spawn(ask_until_the_end(server.address));
    }
    let mut probes = JoinSet::new();
    for _ in 0..PROBES {
        probes.spawn(probe_until_unready(server.address));
    }
    sleep(Duration::from_millis(300)).await;
    let signalled = Instant::now();
    server.terminate();
    let last_ready = probes.join_all().await.into_iter().max();
    load.join_all().await;
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    let last_ready = last_ready.expect("there are probes");
    last_ready.saturating_duration_since(signalled)
}

/// When the last probe was sent that was answered with 200.
async fn probe_until_unready(server: SocketAddr) -> Instant {
    let mut last_ready = Instant::now();
    let mut connection = connect(server).await.expect("the server accepts");
    loop {
        let sent = Instant::now();
        match get(&mut connection, "/readyz").await {
            Ok(StatusCode::OK) => last_ready = sent,
            Ok(StatusCode::SERVICE_UNAVAILABLE) => return last_ready,
            // The answer before was 200, and on its way out asked to leave: the stop began between the two.
            Err(error) if error.is_closed() => {
                connection = connect(server).await.expect("the server accepts");
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn ask_until_the_end(server: SocketAddr) {
    // A server that drains asks to be left after each answer.
    while let Some(mut connection) = connect(server).await {
        while get(&mut connection, "/").await.is_ok() {}
    }
}

async fn connect(server: SocketAddr) -> Option<SendRequest<Empty<Bytes>>> {
    let stream = TcpStream::connect(server).await.ok()?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender)
}

async fn get(connection: &mut SendRequest<Empty<Bytes>>, path: &str) -> hyper::Result<StatusCode> {
    connection.ready().await?;
    let request = Request::get(path)
        .header(header::HOST, "localhost")
        .body(Empty::new())
        .expect("a request");
    let response = connection.send_request(request).await?;
    let status = response.status();
    response.into_body().collect().await?;
    Ok(status)
}
