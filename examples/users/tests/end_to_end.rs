//! Replicas that are restarted in turns, a start that fails, and work that is registered while the service runs.

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How often the balancer asks whether a replica is ready.
const PROBE_PERIOD: Duration = Duration::from_millis(50);

/// What a platform would be told: the balancer has noticed by then, also on a machine that stands still for a second.
const DELAY: &str = "3s";
const NO_DELAY: &str = "0s";

struct Replica {
    process: Process,
    address: String,
    admin: String,
}

fn program(folder: &TempDir, delay: &str) -> Program {
    let file = folder.path().join("users.db");
    Program::new(env!("CARGO_BIN_EXE_users"))
        .env("DATABASE", format!("sqlite://{}?mode=rwc", file.display()))
        .env("ADDRESS", "127.0.0.1:0")
        .env("ADMIN_ADDRESS", "127.0.0.1:0")
        .env("GRACEFUL_DELAY", delay)
        .env("NO_COLOR", "1")
        .patience(Duration::from_secs(90))
}

fn start(folder: &TempDir, delay: &str) -> Replica {
    let mut process = program(folder, delay).start();
    let mut after = |words: &str| {
        let line = process.wait_for_line(words);
        line.trim_start_matches(words).to_owned()
    };
    let address = after("listening on http://");
    let admin = after("probes on http://");
    Replica {
        process,
        address,
        admin,
    }
}

async fn end(mut process: Process) -> Ended {
    process.signal(Signal::Terminate);
    spawn_blocking(move || process.end()).await.unwrap()
}

async fn ask(address: &str, request: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn post(address: &str, path: &str, body: &str) -> std::io::Result<String> {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: users\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    ask(address, &request).await
}

async fn is_ready(admin: &str) -> bool {
    let request = "GET /health/ready HTTP/1.1\r\nhost: users\r\nconnection: close\r\n\r\n";
    ask(admin, request)
        .await
        .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

async fn names(folder: &TempDir) -> BTreeSet<String> {
    let options = SqliteConnectOptions::new().filename(folder.path().join("users.db"));
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as("SELECT name FROM users")
        .fetch_all(&mut db)
        .await
        .unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

/// Which replicas get requests: those that were ready when they were last asked.
#[derive(Clone, Default)]
struct Balancer {
    backends: Arc<Mutex<Vec<(String, String)>>>,
    ready: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
}

impl Balancer {
    fn set(&self, place: usize, replica: &Replica) {
        let backend = (replica.address.clone(), replica.admin.clone());
        let mut backends = self.backends.lock().unwrap();
        if place < backends.len() {
            backends[place] = backend;
        } else {
            backends.push(backend);
        }
    }

    async fn probe(&self) {
        let backends = self.backends.lock().unwrap().clone();
        let asked = backends
            .into_iter()
            .map(|(address, admin)| async move { is_ready(&admin).await.then_some(address) });
        let ready = join_all(asked).await.into_iter().flatten().collect();
        *self.ready.lock().unwrap() = ready;
    }

    async fn probe_for_ever(self) {
        loop {
            self.probe().await;
            sleep(PROBE_PERIOD).await;
        }
    }

    /// One client: a new connection for each request, to the replicas in turns. Returns the names that were answered with 201, and what
    /// failed.
    async fn client(self, client: usize) -> (Vec<String>, Vec<String>) {
        let (mut created, mut failed) = (Vec::new(), Vec::new());
        for request in 0.. {
            // Relaxed: a flag that is seen sooner or later.
            if self.is_over.load(Ordering::Relaxed) {
                break;
            }
            let backend = {
                let ready = self.ready.lock().unwrap();
                ready.get(request % ready.len().max(1)).cloned()
            };
            let Some(backend) = backend else {
                failed.push("no replica is ready".to_owned());
                sleep(PROBE_PERIOD).await;
                continue;
            };
            let name = format!("user {request} of client {client}");
            match post(&backend, "/users", &format!(r#"{{"name":"{name}"}}"#)).await {
                Ok(answer) if answer.starts_with("HTTP/1.1 201") => created.push(name),
                Ok(answer) => failed.push(format!("{name}: {answer:?}")),
                Err(error) => failed.push(format!("{name}: {error}")),
            }
            sleep(Duration::from_millis(20)).await;
        }
        (created, failed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_replicas_are_restarted_in_turns_without_a_failed_request() {
    let folder = tempfile::tempdir().unwrap();
    let balancer = Balancer::default();
    let mut replicas = Vec::new();
    for place in 0..3 {
        let replica = start(&folder, DELAY);
        balancer.set(place, &replica);
        while !is_ready(&replica.admin).await {
            sleep(PROBE_PERIOD).await;
        }
        replicas.push(replica);
    }
    balancer.probe().await;
    let prober = tokio::spawn(balancer.clone().probe_for_ever());
    let mut clients = JoinSet::new();
    for client in 0..8 {
        clients.spawn(balancer.clone().client(client));
    }

    for (place, replica) in replicas.iter_mut().enumerate() {
        sleep(Duration::from_millis(200)).await;
        let old = std::mem::replace(replica, start(&folder, DELAY));
        while !is_ready(&replica.admin).await {
            sleep(PROBE_PERIOD).await;
        }
        let ended = end(old.process).await;
        ended.assert_code(0);
        balancer.set(place, replica);
    }
    sleep(Duration::from_millis(200)).await;
    balancer.is_over.store(true, Ordering::Relaxed);
    let (mut created, mut failed) = (Vec::new(), Vec::new());
    for (created_by_one, failed_by_one) in clients.join_all().await {
        created.extend(created_by_one);
        failed.extend(failed_by_one);
    }
    prober.abort();
    let ended = replicas.into_iter().map(|replica| end(replica.process));
    for ended in join_all(ended).await {
        ended.assert_code(0);
    }
    println!(
        "{} users created, {} requests failed",
        created.len(),
        failed.len()
    );
    assert_eq!(failed, Vec::<String>::new());
    assert!(created.len() > 100);
    let names = names(&folder).await;
    assert!(created.iter().all(|name| names.contains(name)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_failed_start_has_opened_is_closed_and_the_code_is_1() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut process = program(&folder, NO_DELAY).env("ADDRESS", address).start();
    let ended = spawn_blocking(move || process.end()).await.unwrap();
    ended.assert_code(1);
    assert!(
        ended.stdout.contains("3 closed (exit code 1)"),
        "the log is written to its end: {ended}"
    );
    let order: Vec<usize> = ["bus", "cache", "store"]
        .iter()
        .map(|name| {
            ended
                .stdout
                .lines()
                .position(|line| line.contains(&format!("{name}: closed")))
                .unwrap()
        })
        .collect();
    assert!(
        order.is_sorted(),
        "in reverse of the order in which they were opened: {ended}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_was_registered_while_it_runs_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut replica = start(&folder, NO_DELAY);
    for user in 0..60 {
        let body = format!(r#"{{"name":"user {user}"}}"#);
        assert!(
            post(&replica.address, "/users", &body)
                .await
                .unwrap()
                .starts_with("HTTP/1.1 201")
        );
    }
    let file = folder.path().join("export");
    let body = serde_json::json!({ "file": file }).to_string();
    assert!(
        post(&replica.address, "/users/exports", &body)
            .await
            .unwrap()
            .starts_with("HTTP/1.1 202")
    );
    replica.process.signal(Signal::Terminate);
    let ended = spawn_blocking(move || replica.process.end()).await.unwrap();
    ended.assert_code(0);
    assert!(ended.stdout.contains("export 1: closed"), "{ended}");
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_hears_of_users_and_of_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let replica = start(&folder, NO_DELAY);
    let (mut socket, _) = connect_async(format!("ws://{}/users/events", replica.address))
        .await
        .unwrap();
    let listener = tokio::spawn(async move {
        let mut heard = Vec::new();
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Text(text) => heard.push(text.to_string()),
                Message::Close(Some(frame)) => heard.push(u16::from(frame.code).to_string()),
                _ => {}
            }
        }
        heard
    });
    // The handler listens a moment after the client is connected.
    let mut created = 0;
    while created < 20 {
        created += 1;
        post(&replica.address, "/users", r#"{"name":"ann"}"#)
            .await
            .unwrap();
    }
    end(replica.process).await.assert_code(0);
    let heard = listener.await.unwrap();
    assert!(heard.contains(&format!("created {created}")), "{heard:?}");
    assert_eq!(heard.last().map(String::as_str), Some("1001"));
}

#[test]
fn what_the_platform_is_told_is_of_this_plan() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_users"))
        .env("GRACEFUL_PLAN", "text")
        .output()
        .unwrap();
    let plan = String::from_utf8_lossy(&program.stdout);
    assert_eq!(
        plan,
        include_str!("../deploy/plan.txt"),
        "run `examples/manifests users`"
    );
}
