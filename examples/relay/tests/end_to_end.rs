//! The relay in the middle of a long topic, stopped again and again, and killed.

use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;
use tempfile::TempDir;

const PAYMENTS: i64 = 3000;

fn topic(payments: i64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut topic = String::new();
    for id in 0..payments {
        writeln!(
            topic,
            r#"{{"id":{id},"account":{},"amount":{}}}"#,
            id % 50,
            id + 1
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("in"), topic).unwrap();
    folder
}

fn start(folder: &TempDir) -> Process {
    let mut process = Program::new(env!("CARGO_BIN_EXE_relay"))
        .env("DATABASE", folder.path().join("relay.db"))
        .env("IN_TOPIC", folder.path().join("in"))
        .env("OUT_TOPIC", folder.path().join("out"))
        .env("ADMIN_ADDRESS", "127.0.0.1:0")
        .env("NO_COLOR", "1")
        .patience(Duration::from_secs(90))
        .start();
    process.wait_for_line("probes on");
    process
}

fn stop(mut process: Process) -> Ended {
    process.signal(Signal::Terminate);
    process.end()
}

fn committed(folder: &TempDir) -> i64 {
    let committed = std::fs::read_to_string(folder.path().join("in.committed"));
    committed.map_or(0, |text| text.parse().unwrap())
}

async fn booked(folder: &TempDir) -> Vec<i64> {
    let options = SqliteConnectOptions::new().filename(folder.path().join("relay.db"));
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM payments ORDER BY id")
        .fetch_all(&mut db)
        .await
        .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

fn receipts(folder: &TempDir) -> Vec<i64> {
    let topic = std::fs::read_to_string(folder.path().join("out")).unwrap();
    let receipts = topic
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    receipts
        .map(|receipt| receipt["id"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn exactly_what_is_committed_is_processed_after_each_stop() {
    let folder = topic(PAYMENTS);
    for milliseconds in [20, 150, 0, 300, 80] {
        let process = start(&folder);
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        stop(process).assert_code(0);
        let below = committed(&folder);
        assert_eq!(booked(&folder).await, (0..below).collect::<Vec<_>>());
        let mut receipts = receipts(&folder);
        receipts.sort_unstable();
        assert_eq!(receipts, (0..below).collect::<Vec<_>>(), "one receipt each");
    }
    assert!(committed(&folder) > 0);
}

#[tokio::test]
async fn after_a_kill_payments_come_again_and_are_booked_once() {
    let folder = topic(PAYMENTS);
    let process = start(&folder);
    while folder
        .path()
        .join("out")
        .metadata()
        .map_or(0, |file| file.len())
        < 10_000
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(process); // which is SIGKILL
    let before = committed(&folder);
    assert!(
        booked(&folder).await.len() > usize::try_from(before).unwrap(),
        "some were done and not committed"
    );

    let process = start(&folder);
    while receipts(&folder).into_iter().collect::<BTreeSet<_>>().len()
        < usize::try_from(PAYMENTS).unwrap()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop(process).assert_code(0);
    assert_eq!(booked(&folder).await, (0..PAYMENTS).collect::<Vec<_>>());
    assert_eq!(committed(&folder), PAYMENTS);
    let twice = receipts(&folder).len() - usize::try_from(PAYMENTS).unwrap();
    assert!(
        twice <= 108,
        "{twice} come again: at most those since the last commit, and those in hand"
    );
}

#[tokio::test]
async fn what_can_not_be_read_is_not_passed_over_and_the_stop_is_on_time() {
    let folder = topic(3);
    std::fs::write(
        folder.path().join("in"),
        "{\"id\":0,\"account\":1,\"amount\":1}\nnot a payment\n",
    )
    .unwrap();
    let mut process = start(&folder);
    process.wait_for_line("not a payment");
    let ended = stop(process);
    ended.assert_code(0).assert_within(Duration::from_secs(25));
    assert_eq!(committed(&folder), 1);
    assert!(ended.stdout.contains("handed back 1"), "{ended}");
}

#[test]
fn what_the_platform_is_told_is_of_this_plan() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_relay"))
        .env("GRACEFUL_PLAN", "text")
        .output()
        .unwrap();
    let plan = String::from_utf8_lossy(&program.stdout);
    assert_eq!(
        plan,
        include_str!("../deploy/plan.txt"),
        "run `examples/manifests relay`"
    );
}
