//! The chat with real clients, stopped in the middle.

// The same for all tests whose servers are told which port to take: one source.
#[path = "../../../tests/clients/kit/ports.rs"]
mod ports;

use chat::client::{Line, talk};
use futures_util::StreamExt as _;
use graceful::Signal;
use graceful::testing::{Process, Program};
use ports::free_port;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::channel;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

const CLIENTS: usize = 40;
const LINES: usize = 25;

struct Running {
    process: Process,
    address: String,
    admin: String,
}

/// In which its clients are told, one after the other.
const SPREAD: &str = "200";

fn start(program: &str, folder: &TempDir, address: &str) -> Running {
    start_with(SPREAD, program, folder, address)
}

fn start_with(spread: &str, program: &str, folder: &TempDir, address: &str) -> Running {
    let mut process = Program::new(program)
        .env("ADDRESS", address)
        .env("ADMIN_ADDRESS", "127.0.0.1:0")
        .env("DATABASE", folder.path().join("chat.db"))
        .env("CLOSE_SPREAD_MS", spread)
        .env("NO_COLOR", "1")
        .patience(Duration::from_secs(90))
        .start();
    let mut between = |before: &str, after: &str| {
        let line = process.wait_for_line(before);
        line.trim_start_matches(before)
            .trim_end_matches(after)
            .to_owned()
    };
    let address = between("listening on ws://", "/chat/ws");
    let admin = between("probes on http://", "/chat/readyz");
    Running {
        process,
        address,
        admin,
    }
}

async fn get(address: &str, path: &str) -> String {
    let Ok(mut connection) = TcpStream::connect(address).await else {
        return String::new();
    };
    let request = format!("GET {path} HTTP/1.1\r\nhost: chat\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    let _ = connection.write_all(request.as_bytes()).await;
    let _ = connection.read_to_string(&mut answer).await;
    answer
}

/// Waits until it does.
async fn answers(address: &str, path: &str, words: &str) {
    for _ in 0..5000 {
        if get(address, path).await.contains(words) {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("{path} does not answer {words}");
}

async fn stored(folder: &Path) -> Vec<(String, i64, String)> {
    let options = SqliteConnectOptions::new().filename(folder.join("chat.db"));
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let rows = sqlx::query_as("SELECT user_id, number, text FROM lines ORDER BY user_id, number");
    rows.fetch_all(&mut db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_come_back_after_a_restart_and_no_line_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    // The second one has it too, and what clients try between the two may not take it.
    let address = format!("127.0.0.1:{}", free_port());
    let mut first = start(env!("CARGO_BIN_EXE_chat"), &folder, &address);

    let mut clients = JoinSet::new();
    let (hear, mut heard) = channel::<Line>(1);
    for user in 0..CLIENTS {
        let (address, hear) = (address.clone(), hear.clone());
        let (say, to_say) = channel(1);
        clients.spawn(async move {
            for line in 0..LINES {
                say.send(format!("line {line} of user{user}"))
                    .await
                    .unwrap();
            }
        });
        clients.spawn(async move { talk(&address, &format!("user{user}"), to_say, hear).await });
    }
    drop(hear);
    for _ in 0..CLIENTS * LINES / 2 {
        heard.recv().await.unwrap();
    }
    tokio::spawn(async move { while heard.recv().await.is_some() {} });

    first.process.signal(Signal::Terminate);
    let ended = tokio::task::spawn_blocking(move || first.process.end())
        .await
        .unwrap();
    ended.assert_code(0);
    assert!(
        ended.stdout.contains("stopped after SIGTERM"),
        "the log is written to its end: {ended}"
    );
    for user in 0..CLIENTS {
        for word in ["joined", "left"] {
            let line = format!(r#"{word} user_id="user{user}""#);
            assert!(ended.stdout.contains(&line), "{line} is not in {ended}");
        }
    }

    let mut second = start(env!("CARGO_BIN_EXE_chat"), &folder, &address);
    clients.join_all().await;
    second.process.signal(Signal::Terminate);
    tokio::task::spawn_blocking(move || second.process.end())
        .await
        .unwrap()
        .assert_code(0);

    let mut expected: Vec<_> = (0..CLIENTS)
        .flat_map(|user| (0..LINES).map(move |line| (user, line)))
        .map(|(user, line)| {
            let number = i64::try_from(line).unwrap() + 1;
            (
                format!("user{user}"),
                number,
                format!("line {line} of user{user}"),
            )
        })
        .collect();
    expected.sort();
    assert_eq!(stored(folder.path()).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_is_told_to_go_and_nobody_is_left_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    // So long that it still closes when the test has asked it a few things.
    let mut chat = start_with("4000", env!("CARGO_BIN_EXE_chat"), &folder, "127.0.0.1:0");
    answers(&chat.admin, "/chat/readyz", "HTTP/1.1 200").await;
    let mut clients = JoinSet::new();
    for user in 0..20 {
        let url = format!("ws://{}/chat/ws?user_id=user{user}", chat.address);
        let (mut socket, _) = connect_async(url).await.unwrap();
        clients.spawn(async move {
            let mut told = None;
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Close(Some(frame)) = message {
                    told = Some((u16::from(frame.code), frame.reason.to_string()));
                }
            }
            told
        });
    }
    answers(&chat.admin, "/metrics", "chat_connections 20\n").await;

    chat.process.signal(Signal::Terminate);
    chat.process.wait_for_line("closing chat.http");
    assert!(
        get(&chat.admin, "/chat/livez")
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        get(&chat.admin, "/chat/readyz")
            .await
            .starts_with("HTTP/1.1 503")
    );
    let late = connect_async(format!("ws://{}/chat/ws?user_id=late", chat.address)).await;
    assert!(late.is_err(), "nobody enters while it closes");
    for told in clients.join_all().await {
        assert_eq!(told, Some((1001, "the chat restarts".to_owned())));
    }
    let ended = tokio::task::spawn_blocking(move || chat.process.end())
        .await
        .unwrap();
    ended.assert_code(0).assert_within(Duration::from_secs(25));
    assert!(
        ended.stdout.contains("chat.room: closed; nobody is left"),
        "{ended}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_host_the_signals_and_the_log_are_the_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = start(env!("CARGO_BIN_EXE_chat-host"), &folder, "127.0.0.1:0");
    let url = format!("ws://{}/chat/ws?user_id=ann", host.address);
    let (mut socket, _) = connect_async(url).await.unwrap();
    host.process.wait_for_line("joined user_id=\"ann\"");
    let client = tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    host.process.signal(Signal::Interrupt);
    host.process
        .wait_for_line("the host stops its parts: SIGINT");
    client.await.unwrap();
    let ended = tokio::task::spawn_blocking(move || host.process.end())
        .await
        .unwrap();
    ended.assert_code(0);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let report = lines
        .iter()
        .position(|line| line.starts_with("stopped after"));
    let own_end = lines
        .iter()
        .position(|line| line.starts_with("the host's own end"));
    assert!(report.is_some() && report < own_end, "{ended}");
}

#[test]
fn what_the_platform_is_told_is_of_this_plan() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_chat"))
        .env("GRACEFUL_PLAN", "text")
        .output()
        .unwrap();
    let plan = String::from_utf8_lossy(&program.stdout);
    assert_eq!(
        plan,
        include_str!("../deploy/plan.txt"),
        "run `examples/manifests chat`"
    );
}
