//! A server that has no file left: it says so once, and when it stops nobody waits for a refusal.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// Nothing takes this long.
const LOST: Duration = Duration::from_secs(30);

const FILES: usize = 40;

async fn start() -> (Child, SocketAddr) {
    let mut server = Command::new("sh")
        .args(["-c", &format!("ulimit -n {FILES}; exec \"$0\"")])
        .arg(env!("CARGO_BIN_EXE_graceful"))
        .env("PORT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut stdout = BufReader::new(server.stdout.take().expect("piped")).lines();
    let line = timeout(LOST, stdout.next_line()).await;
    let line = line.expect("it listens").expect("a line").expect("a line");
    let address: SocketAddr = line.parse().expect("its address");

    (server, address)
}

/// More than it can take: most are accepted by the kernel alone.
async fn too_many_clients(address: SocketAddr) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for _ in 0..2 * FILES {
        clients.push(TcpStream::connect(address).await.expect("it listens"));
    }
    sleep(Duration::from_secs(1)).await;
    clients
}

fn terminate(server: &Child) {
    let id = rustix::process::Pid::from_raw(server.id().expect("it runs").cast_signed());
    rustix::process::kill_process(id.expect("not 0"), rustix::process::Signal::TERM)
        .expect("it runs");
}

#[tokio::test]
async fn no_file_left() {
    let (mut server, address) = start().await;
    let _clients = too_many_clients(address).await;
    terminate(&server);
    // Until the listener is closed, whoever comes asks again after a second.
    let mut longest = Duration::ZERO;
    while server.try_wait().expect("it is ours").is_none() {
        let began = Instant::now();
        if TcpStream::connect(address).await.is_err() {
            longest = longest.max(began.elapsed());
        }
        sleep(Duration::from_millis(10)).await;
    }
    // The second time it would ask after three seconds.
    assert!(longest < Duration::from_millis(2800), "{longest:?}");
    assert!(server.wait().await.expect("it is ours").success());
    let mut said = String::new();
    let mut stderr = server.stderr.take().expect("piped");
    stderr.read_to_string(&mut said).await.expect("UTF-8");
    assert_eq!(said.matches("can't be accepted").count(), 1, "{said}");
}

#[tokio::test]
async fn no_file_left_and_nobody_reads_standard_error() {
    let (mut server, address) = start().await;
    drop(server.stderr.take());
    drop(too_many_clients(address).await);
    let asked = async {
        let mut client = TcpStream::connect(address).await?;
        let request = b"GET /fast HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        client.write_all(request).await?;
        let mut answer = String::new();
        client.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = timeout(LOST, asked).await.expect("it goes on");
    let answer = answer.expect("it goes on");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    terminate(&server);
    let ended = timeout(LOST, server.wait()).await.expect("it ends");
    assert!(ended.expect("it is ours").success());
}
