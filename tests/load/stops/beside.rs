//! Clients of several kinds, and what a plain server makes of them: the table of `docs/reliability.md`.

use graceful_load::Replica;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const PLAIN: &str = env!("CARGO_BIN_EXE_plain");
const GRACEFUL: &str = env!("CARGO_BIN_EXE_graceful");

/// When a platform kills, a second after the budget.
const KILL: Duration = Duration::from_secs(4);

async fn start(program: &str) -> Replica {
    Replica::start(program, 0, &[("GRACEFUL_TIMEOUT", "3s")]).await
}

/// How it ends, asked to.
async fn end(server: Replica) -> String {
    let began = Instant::now();
    server.terminate();
    match timeout(KILL, server.ended()).await {
        Ok(status) if status.success() => format!("ends well after {:.1?}", began.elapsed()),
        Ok(status) => format!("{status} after {:.1?}", began.elapsed()),
        Err(_) => "is killed".to_owned(),
    }
}

/// Sends this.
async fn ask(server: &Replica, request: &str, closes_its_side: bool) -> TcpStream {
    let mut client = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    client
        .write_all(request.as_bytes())
        .await
        .expect("it listens");
    if closes_its_side {
        client.shutdown().await.expect("it is open");
    }
    client
}

async fn rest(mut client: TcpStream) -> String {
    let mut answer = Vec::new();
    let how = match timeout(KILL, client.read_to_end(&mut answer)).await {
        Ok(Ok(_)) => "then the end",
        Ok(Err(_)) => "then a reset",
        Err(_) => "and no end",
    };
    format!("{} bytes, {how}", answer.len())
}

async fn half_a_request(program: &str) -> String {
    let server = start(program).await;
    let _half = ask(&server, "GET / HT", false).await;
    sleep(Duration::from_millis(100)).await;
    end(server).await
}

async fn closes_its_side(program: &str) -> String {
    let server = start(program).await;
    let client = ask(&server, "GET / HTTP/1.1\r\nhost: a\r\n\r\n", true).await;
    rest(client).await
}

/// Without chunks, so that the end of the connection is that of the answer.
async fn download(program: &str) -> String {
    let server = start(program).await;
    let client = ask(&server, "GET /lines HTTP/1.0\r\nhost: a\r\n\r\n", false).await;
    let rest = tokio::spawn(rest(client));
    sleep(Duration::from_millis(100)).await;
    let end = end(server).await;
    let rest = rest.await.expect("it ends");
    let (_, how) = rest.split_once(", ").expect("two parts");
    format!("{end}, {how}")
}

const UPGRADE: &str = "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// Ten `WebSockets` that never stop sending.
async fn floods(program: &str) -> String {
    let server = start(program).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        let client = ask(&server, UPGRADE, false).await;
        let (mut reader, mut writer) = client.into_split();
        let floods = tokio::spawn(async move {
            // "on", masked with zeros.
            let messages = b"\x81\x82\0\0\0\0on".repeat(1000);
            while writer.write_all(&messages).await.is_ok() {}
        });
        clients.push(tokio::spawn(async move {
            let mut said = Vec::new();
            let _ = timeout(KILL, reader.read_to_end(&mut said)).await;
            floods.abort();
            // The head of a close frame, and 1001.
            said.windows(4).any(|bytes| bytes == b"\x88\x1d\x03\xe9")
        }));
    }
    sleep(Duration::from_millis(300)).await;
    let end = end(server).await;
    let mut told = 0;
    for client in clients {
        told += usize::from(client.await.expect("it ends"));
    }
    format!("{told} of 10 are told, {end}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_client() {
    // Those that mostly wait beside each other; who floods has the machine.
    let waiting = async |program| {
        tokio::join!(
            half_a_request(program),
            closes_its_side(program),
            download(program),
        )
    };
    let (ours, plain) = tokio::join!(waiting(GRACEFUL), waiting(PLAIN));
    let mut rows = Vec::new();
    for (program, (half, closed, download)) in [(GRACEFUL, ours), (PLAIN, plain)] {
        rows.push([half, closed, download, floods(program).await]);
    }
    let kinds = [
        "half a request when the stop begins",
        "closes its side after its request",
        "a download over HTTP/1.0 that goes on",
        "ten WebSockets that never stop sending",
    ];
    for (at, kind) in kinds.into_iter().enumerate() {
        println!("| {kind} | {} | {} |", rows[0][at], rows[1][at]);
    }
    let [half, closed, download, floods] = &rows[0];
    assert!(half.starts_with("ends well"), "{half}");
    assert!(
        closed.ends_with("then the end") && !closed.starts_with("0 "),
        "{closed}"
    );
    assert!(download.ends_with("then a reset"), "{download}");
    assert!(
        floods.starts_with("10 of 10 are told, ends well"),
        "{floods}"
    );
}
