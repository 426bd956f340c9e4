//! Clients that mean no good: the server goes on answering the others, in bounded memory, and still ends on time.

use graceful_load::{Replica, status_of};
use hyper::StatusCode;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const BUDGET: Duration = Duration::from_secs(3);

/// For a machine on which other things run as well, and which takes seconds to take ten thousand sockets apart: less than
/// any client here goes on.
const NOISE: Duration = Duration::from_secs(12);

/// Nothing takes this long.
const LOST: Duration = Duration::from_secs(30);

async fn start() -> Replica {
    let server = env!("CARGO_BIN_EXE_graceful");
    Replica::start(server, 0, &[("GRACEFUL_TIMEOUT", "3s")]).await
}

async fn connect(server: SocketAddr) -> TcpStream {
    TcpStream::connect(server).await.expect("it listens")
}

/// A client as any other is answered, and the stop takes no longer than it may.
async fn goes_on_and_ends_on_time(server: Replica) {
    let answer = timeout(LOST, status_of(server.address, "/")).await;
    assert_eq!(answer.expect("it is answered"), StatusCode::OK);
    let began = Instant::now();
    server.terminate();
    server.ended().await;
    let took = began.elapsed();
    assert!(took < BUDGET + NOISE, "{took:?}");
}

#[tokio::test]
async fn heads_that_come_a_byte_at_a_time() {
    let server = start().await;
    let mut slow = JoinSet::new();
    for _ in 0..500 {
        let mut stream = connect(server.address).await;
        slow.spawn(async move {
            let _ = stream
                .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
                .await;
            while stream.write_all(b"x-slow: a\r\n").await.is_ok() {
                sleep(Duration::from_millis(200)).await;
            }
        });
    }
    sleep(Duration::from_millis(500)).await;
    goes_on_and_ends_on_time(server).await;
    timeout(LOST, slow.join_all()).await.expect("they are cut");
}

#[tokio::test]
async fn a_head_without_an_end() {
    let server = start().await;
    for _ in 0..20 {
        let mut stream = connect(server.address).await;
        let (mut reader, mut writer) = stream.split();
        let flood = async {
            let _ = writer
                .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-long: ")
                .await;
            while writer.write_all(&[b'a'; 16 * 1024]).await.is_ok() {}
        };
        let answer = async {
            let mut answer = [0; 12];
            reader.read_exact(&mut answer).await.map(|_| answer)
        };
        let answered = tokio::select! {
            answer = answer => answer,
            () = flood => continue,
        };
        if let Ok(answer) = answered {
            assert_eq!(&answer, b"HTTP/1.1 431");
        }
    }
    goes_on_and_ends_on_time(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_connections_that_never_speak() {
    let server = start().await;
    let before = server.resident_kilobytes();
    let mut silent = Vec::new();
    for _ in 0..10_000 {
        silent.push(connect(server.address).await);
    }
    let answer = timeout(LOST, status_of(server.address, "/")).await;
    assert_eq!(answer.expect("it is answered"), StatusCode::OK);
    let after = server.resident_kilobytes();
    println!(
        "{} bytes a silent connection",
        (after - before) * 1024 / 10_000
    );
    assert!(after - before < 200_000, "{before} kB, then {after} kB");
    goes_on_and_ends_on_time(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_none() {
    let server = start().await;
    let before = server.resident_kilobytes();
    let mut senders = JoinSet::new();
    for number in 0_u32..500 {
        let mut stream = connect(server.address).await;
        senders.spawn(async move {
            let _ = stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
            // Empty settings, and then whatever a xorshift makes: the same each time.
            let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
            let mut state = number + 1;
            let noise = std::iter::repeat_with(|| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state.to_le_bytes()
            });
            let noise: Vec<u8> = noise.take(16 * 1024).flatten().collect();
            let _ = stream.write_all(&noise).await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
        });
    }
    timeout(LOST, senders.join_all())
        .await
        .expect("each is sent away");
    let after = server.resident_kilobytes();
    assert!(after < before + 100_000, "{before} kB, then {after} kB");
    goes_on_and_ends_on_time(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_are_reset_as_soon_as_they_are_opened() {
    let server = start().await;
    let before = server.resident_kilobytes();
    let mut stream = connect(server.address).await;
    let _ = stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
    // `:method: GET`, `:scheme: http`, `:path: /`, `:authority:` empty, in HPACK's static table.
    let head = [0x82, 0x86, 0x84, 0x41, 0x00];
    for number in 0_u32..100_000 {
        let id = (2 * number + 1).to_be_bytes();
        let mut frames = vec![0, 0, 5, 1, 0x05];
        frames.extend(id);
        frames.extend(head);
        frames.extend([0, 0, 4, 3, 0]);
        frames.extend(id);
        frames.extend([0, 0, 0, 8]);
        if stream.write_all(&frames).await.is_err() {
            break; // sent away, as it should be
        }
    }
    let after = server.resident_kilobytes();
    assert!(after < before + 100_000, "{before} kB, then {after} kB");
    goes_on_and_ends_on_time(server).await;
}
