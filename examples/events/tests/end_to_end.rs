//! The pipeline, stopped again and again in the middle.

use futures_util::{SinkExt as _, StreamExt as _};
use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

fn program(folder: &TempDir) -> Program {
    Program::new(env!("CARGO_BIN_EXE_events"))
        .env("DATABASE", folder.path().join("events.db"))
        .env("ADMIN_ADDRESS", "127.0.0.1:0")
        .env("NO_COLOR", "1")
        // Its queue is a hundred transactions, and others may keep the disk busy.
        .env("GRACEFUL_TIMEOUT", "80s")
        .env("GRACEFUL_TIMEOUT_PROCESSOR", "25s")
        .env("GRACEFUL_TIMEOUT_NOTIFIER", "25s")
        .patience(Duration::from_secs(90))
}

async fn database(folder: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.path().join("events.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn numbers(db: &mut SqliteConnection, table: &str) -> Vec<i64> {
    let select = format!("SELECT number FROM {table} ORDER BY number");
    let rows: Vec<(i64,)> = sqlx::query_as(&select).fetch_all(db).await.unwrap();
    rows.into_iter().map(|(number,)| number).collect()
}

async fn end(mut process: Process) -> Ended {
    spawn_blocking(move || process.end()).await.unwrap()
}

/// What a stop has to leave behind: everything that was accepted is processed or put aside, and subscribers have heard of all that
/// is processed. Returns how far it came.
async fn assert_nothing_is_lost(folder: &TempDir) -> i64 {
    let mut db = database(folder).await;
    let (reached,): (i64,) = sqlx::query_as("SELECT reached FROM checkpoint")
        .fetch_one(&mut db)
        .await
        .unwrap();
    let processed = numbers(&mut db, "processed").await;
    assert_eq!(
        processed,
        numbers(&mut db, "notified").await,
        "downstream has drained after upstream"
    );
    assert_eq!(
        numbers(&mut db, "left_over").await,
        Vec::<i64>::new(),
        "there was time for all of it"
    );
    let mut done = processed;
    let dead = numbers(&mut db, "dead_letters").await;
    // 7 × 1000 ≡ 0: those are the events without an amount.
    assert!(dead.iter().all(|number| number % 1000 == 0), "{dead:?}");
    done.extend(dead);
    done.sort_unstable();
    assert_eq!(
        done,
        (1..=reached).collect::<Vec<_>>(),
        "no gap up to the checkpoint, and nothing beyond it"
    );
    reached
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stop_loses_nothing_and_each_start_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for milliseconds in [400, 30, 700, 250] {
        let mut process = program(&folder).start();
        process.wait_for_line("probes on");
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        process.signal(Signal::Terminate);
        end(process).await.assert_code(0);
        let reached = assert_nothing_is_lost(&folder).await;
        assert!(reached >= before, "{reached} after {before}");
        before = reached;
    }
    assert!(before > 0);
}

/// A feed that sends so many events, and then goes.
async fn short_feed(events: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (connection, _) = listener.accept().await.unwrap();
        let mut socket = accept_async(connection).await.unwrap();
        for number in 1..=events {
            let event = format!(r#"{{"number":{number},"amount":1}}"#);
            socket.send(Message::Text(event.into())).await.unwrap();
        }
        socket.close(None).await.unwrap();
        while let Some(Ok(_)) = socket.next().await {}
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_feed_stops_the_service_with_a_failure_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let process = program(&folder).env("FEED", short_feed(300).await).start();
    let ended = end(process).await;
    ended
        .assert_code(1)
        .assert_stderr(&["feed", "the feed has ended"]);
    assert_eq!(assert_nothing_is_lost(&folder).await, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_events_come_again_and_are_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = program(&folder).start();
    process.wait_for_line("probes on");
    tokio::time::sleep(Duration::from_millis(400)).await;
    drop(process); // which is SIGKILL

    let mut process = program(&folder).start();
    process.wait_for_line("probes on");
    tokio::time::sleep(Duration::from_millis(800)).await;
    process.signal(Signal::Terminate);
    end(process).await.assert_code(0);
    assert_nothing_is_lost(&folder).await;
}

#[test]
fn what_the_platform_is_told_is_of_this_plan() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_events"))
        .env("GRACEFUL_PLAN", "text")
        .output()
        .unwrap();
    let plan = String::from_utf8_lossy(&program.stdout);
    assert_eq!(
        plan,
        include_str!("../deploy/plan.txt"),
        "run `examples/manifests events`"
    );
}
