//! A server for a protocol of its own, written outside of `graceful` with what is public: each line is answered with
//! itself, `slowly` a while after the close has begun and `never` not at all.

use crate::harness::{Client, LIMIT, LONG, LOST};
use graceful::{Context, Drain, Embedded, Handle, Outcome, Phase, Shutdown, Summary, drain};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[derive(Clone, Default)]
struct LineServer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    closing: CancellationToken,
    cut: CancellationToken,
    tasks: TaskTracker,
    /// The lines that are being answered.
    lines: Mutex<Vec<(String, Instant)>>,
}

impl LineServer {
    async fn start(life: Handle) -> (Self, SocketAddr) {
        let server = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = server.0.clone();
        server.0.tasks.spawn(async move {
            let accept = || shared.closing.run_until_cancelled(listener.accept());
            while let Some(Ok((stream, _))) = accept().await {
                let (life, connection) = (life.clone(), shared.clone());
                shared.tasks.spawn(async move {
                    let answering = connection.answer(stream, life);
                    connection.cut.run_until_cancelled(answering).await;
                });
            }
        });
        (server, address)
    }
}

impl Shared {
    async fn answer(&self, mut stream: TcpStream, life: Handle) -> Option<()> {
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        // A line that is being answered is answered; another one is not read.
        while let Ok(Some(line)) = self.closing.run_until_cancelled(lines.next_line()).await? {
            let begun = (line.clone(), Instant::now());
            self.lines.lock().unwrap().push(begun.clone());
            match &*line {
                "slowly" => {
                    self.closing.cancelled().await;
                    sleep(LIMIT / 4).await;
                }
                "never" => pending().await,
                _ => {}
            }
            let leaves = life.phase() >= Phase::Draining;
            let end = if leaves { " (go elsewhere)\n" } else { "\n" };
            writer.write_all((line + end).as_bytes()).await.ok()?;
            self.lines.lock().unwrap().retain(|other| *other != begun);
        }
        Some(())
    }
}

impl Shutdown for LineServer {
    async fn shutdown(self, cx: Context) -> graceful::Result {
        drain(self.0, cx).await;
        Ok(())
    }
}

impl Drain for Shared {
    fn close(&self, _: &Context) {
        self.closing.cancel();
        self.tasks.close();
    }

    async fn ended(&self) {
        self.tasks.wait().await;
    }

    fn left(&self) -> Option<String> {
        let lines = self.lines.lock().unwrap().clone();
        lines.into_iter().collect::<Summary>().in_words()
    }

    fn cut(&self) {
        self.cut.cancel();
    }
}

async fn stopped_while_it_answers(
    words: &str,
    limit: Duration,
) -> (Arc<graceful::Report>, Client, LineServer) {
    let life = Embedded::new();
    let (server, address) = LineServer::start(life.handle()).await;
    life.run(server.clone());
    let mut client = Client(TcpStream::connect(address).await.unwrap());
    client.send("hello\n").await;
    assert_eq!(client.read_to("\n").await, "hello\n");
    client.send(words).await;
    while server.0.lines.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    (life.stop(limit).await, client, server)
}

#[tokio::test]
async fn what_has_begun_is_answered() {
    let (report, mut client, _) = stopped_while_it_answers("slowly\n", LONG).await;
    assert!(report.is_clean(), "{report}");
    assert_eq!(client.rest().await, "slowly (go elsewhere)\n");
}

#[tokio::test]
async fn what_does_not_end_is_named_and_cut() {
    let (report, mut client, server) = stopped_while_it_answers("never\n", LIMIT).await;
    let step = report.leaves().next().unwrap();
    assert!(matches!(step.outcome, Outcome::TimedOut), "{report}");
    let left = step.progress.as_deref().unwrap();
    assert!(left.starts_with("1 in flight: never ("), "{left}");
    assert!(client.ends_silently().await);
    timeout(LOST, server.0.ended()).await.unwrap();
}
