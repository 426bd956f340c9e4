//! Each of the five services in `examples/`, rehearsed in all ways: no request fails, nothing that was accepted is lost,
//! and each run ends as it should. The services are built by `cargo test --workspace`; what is not is skipped.

#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test")]

use crate::kit::{Rehearsal, built, free_port};
use graceful::Signal;
use graceful::testing::Program;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, FromRow, sqlite::SqliteRow};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// What stops well; a second signal may cut what is in hand.
const ALL_BUT_THE_SECOND_SIGNAL: &str = "plain,start-up,pid1,full-stderr,cpu-limit";

/// A service on ports and in a folder of its own.
struct Service {
    program: PathBuf,
    folder: TempDir,
    address: String,
    admin: String,
}

impl Service {
    fn new(name: &str) -> Option<Self> {
        let program = built(name);
        if program.is_none() {
            println!("skipped: {name} is not built: `cargo test --workspace` builds it");
        }
        let program = program?;
        Some(Self {
            program,
            folder: tempfile::tempdir().unwrap(),
            address: format!("127.0.0.1:{}", free_port()),
            admin: format!("127.0.0.1:{}", free_port()),
        })
    }

    fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }

    fn rehearse(&self, runs: &str, variables: &[(&str, &str)], options: &[&str]) -> Rehearsal {
        let own = [
            ("GRACEFUL_TIMEOUT", "100s"),
            ("ADDRESS", self.address.as_str()),
            ("ADMIN_ADDRESS", self.admin.as_str()),
            ("NO_COLOR", "1"),
        ];
        // What is looked at is what was lost: the bounds are such that a busy machine keeps them.
        let kept = [
            "--readiness-lag",
            "10s",
            "--second-signal-within",
            "10s",
            "--grace",
            "105s",
        ];
        Rehearsal::of(
            &[&own, variables].concat(),
            &[&["--runs", runs], &kept[..], options].concat(),
            &[self.program.to_str().unwrap()],
        )
    }

    /// In all ways; what the runs but the last one have left is looked at in between.
    fn rehearse_all(
        &self,
        variables: &[(&str, &str)],
        options: &[&str],
        look: impl FnOnce(&Rehearsal),
    ) {
        let rehearsal = self.rehearse(ALL_BUT_THE_SECOND_SIGNAL, variables, options);
        rehearsal.assert_passed();
        look(&rehearsal);
        let forced = self.rehearse("second-signal", variables, options);
        forced.assert_passed();
    }

    fn rows<T>(&self, file: &str, select: &str) -> Vec<T>
    where
        T: for<'row> FromRow<'row, SqliteRow> + Send + Unpin,
    {
        let file = SqliteConnectOptions::new().filename(self.folder.path().join(file));
        let rows = async {
            let mut db = SqliteConnection::connect_with(&file).await?;
            sqlx::query_as(select).fetch_all(&mut db).await
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(rows).unwrap()
    }

    fn numbers(&self, file: &str, select: &str) -> Vec<i64> {
        let rows: Vec<(i64,)> = self.rows(file, select);
        rows.into_iter().map(|(number,)| number).collect()
    }
}

/// How many requests were answered, in all runs.
fn answered(rehearsal: &Rehearsal) -> i64 {
    let runs = rehearsal.json["runs"].as_array().unwrap().iter();
    let of_clients = runs.filter_map(|run| run["requests"].as_object());
    let clients = of_clients.flat_map(|clients| clients.values());
    clients.filter_map(|tally| tally["answered"].as_i64()).sum()
}

#[test]
fn users_that_were_answered_are_stored() {
    let Some(users) = Service::new("users") else {
        return;
    };
    let database = format!("sqlite://{}?mode=rwc", users.path("users.db"));
    let url = format!("http://{}/users", users.address);
    let ready = format!("http://{}/health/ready", users.admin);
    let options = [
        "--url",
        &url,
        "--ready",
        &ready,
        "--body",
        r#"{"name":"ann"}"#,
        "--header",
        "content-type: application/json",
    ];
    users.rehearse_all(&[("DATABASE", &database)], &options, |rehearsal| {
        let stored = users.numbers("users.db", "SELECT COUNT(*) FROM users");
        assert_eq!(stored, [answered(rehearsal)]);
        assert!(stored[0] > 0);
    });
}

#[test]
fn orders_that_were_answered_are_confirmed() {
    let (Some(orders), Some(customers)) = (Service::new("orders"), built("examples/customers"))
    else {
        return;
    };
    // Over gRPC come customers, and what the rehearsal itself asks is answered almost to the end.
    let (database, topic) = (orders.path("orders.db"), orders.path("topic"));
    let url = format!("http://{}/livez", orders.admin);
    let ready = format!("http://{}/readyz", orders.admin);
    let mut customers = Program::new(customers)
        .env("ADDRESS", &orders.address)
        .patience(Duration::from_secs(120))
        .start();
    let variables = [
        ("DATABASE", database.as_str()),
        ("TOPIC", &topic),
        ("GRACEFUL_TIMEOUT_GRPC", "20s"),
        ("GRACEFUL_TIMEOUT_SAGAS", "20s"),
        ("GRACEFUL_TIMEOUT_OUTBOX", "20s"),
        ("GRACEFUL_TIMEOUT_BROKER", "20s"),
    ];
    orders.rehearse_all(&variables, &["--url", &url, "--ready", &ready], |_| {
        let ended = customers.signal(Signal::Interrupt).end();
        ended.assert_code(0).assert_stdout(&[" 0 orders failed"]);
        let words = ended.stdout.split_whitespace().next();
        let answered: i64 = words.unwrap().parse().unwrap();
        let confirmed = "SELECT COUNT(*) FROM orders WHERE state = 'confirmed'";
        let placed = "SELECT COUNT(*) FROM orders";
        for select in [confirmed, placed] {
            assert_eq!(orders.numbers("orders.db", select), [answered], "{ended}");
        }
        let backlog = orders.numbers("orders.db", "SELECT COUNT(*) FROM outbox");
        assert_eq!(backlog, [0]);
        assert!(answered > 0);
    });
}

#[test]
fn lines_that_were_heard_are_stored() {
    let (Some(chat), Some(client)) = (Service::new("chat"), built("chat-client")) else {
        return;
    };
    let database = chat.path("chat.db");
    let url = format!("http://{}/chat/livez", chat.admin);
    let ready = format!("http://{}/chat/readyz", chat.admin);
    let socket = format!("ws://{}/chat/ws?user_id=rehearsal", chat.address);
    let mut ann = Command::new(client)
        .args(["ann", &chat.address])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut keyboard = ann.stdin.take().unwrap();
    // Until the client is gone.
    let typist = std::thread::spawn(move || {
        for line in 0.. {
            if writeln!(keyboard, "line {line}").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let variables = [
        ("DATABASE", database.as_str()),
        ("CLOSE_SPREAD_MS", "200"),
        ("GRACEFUL_TIMEOUT_CHAT", "80s"),
        ("GRACEFUL_TIMEOUT_CHAT_HTTP", "40s"),
        ("GRACEFUL_TIMEOUT_CHAT_ROOM", "10s"),
        ("GRACEFUL_TIMEOUT_CHAT_HISTORY", "20s"),
    ];
    let options = ["--url", &url, "--ready", &ready, "--websocket", &socket];
    chat.rehearse_all(&variables, &options, |_| {
        ann.kill().unwrap();
        let heard = ann.wait_with_output().unwrap().stdout;
        typist.join().unwrap();
        let select = "SELECT text FROM lines WHERE user_id = 'ann' ORDER BY number";
        let stored: Vec<(String,)> = chat.rows("chat.db", select);
        let stored: Vec<&str> = stored.iter().map(|(text,)| text.as_str()).collect();
        let heard = String::from_utf8(heard).unwrap();
        let heard: Vec<&str> = heard
            .lines()
            .filter_map(|line| line.strip_prefix("ann: "))
            .collect();
        assert!(!heard.is_empty());
        for line in heard {
            assert!(stored.contains(&line), "{line} is lost");
        }
        // Each once, and none left out in between.
        let typed: Vec<_> = (0..stored.len())
            .map(|line| format!("line {line}"))
            .collect();
        assert_eq!(stored, typed);
    });
}

#[test]
fn what_is_committed_was_relayed_once() {
    const PAYMENTS: i64 = 100_000;

    let Some(relay) = Service::new("relay") else {
        return;
    };
    let (database, input, output) = (relay.path("relay.db"), relay.path("in"), relay.path("out"));
    let mut topic = String::new();
    for id in 0..PAYMENTS {
        let account = id % 50;
        writeln!(topic, r#"{{"id":{id},"account":{account},"amount":1}}"#).unwrap();
    }
    std::fs::write(&input, topic).unwrap();
    let url = format!("http://{}/livez", relay.admin);
    let ready = format!("http://{}/readyz", relay.admin);
    let variables = [
        ("DATABASE", database.as_str()),
        ("IN_TOPIC", &input),
        ("OUT_TOPIC", &output),
    ];
    relay.rehearse_all(&variables, &["--url", &url, "--ready", &ready], |_| {
        let committed = std::fs::read_to_string(format!("{input}.committed"));
        let committed: i64 = committed.unwrap().parse().unwrap();
        let expected: Vec<i64> = (0..committed).collect();
        let booked = relay.numbers("relay.db", "SELECT id FROM payments ORDER BY id");
        assert_eq!(booked, expected);
        assert_eq!(receipts(Path::new(&output)), expected);
        assert!(committed > 0);
    });
}

/// In order.
fn receipts(topic: &Path) -> Vec<i64> {
    let topic = std::fs::read_to_string(topic).unwrap();
    let receipts = topic
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut receipts: Vec<i64> = receipts
        .map(|receipt| receipt["id"].as_i64().unwrap())
        .collect();
    receipts.sort_unstable();
    receipts
}

#[test]
fn events_that_were_accepted_are_done() {
    let Some(events) = Service::new("events") else {
        return;
    };
    let database = events.path("events.db");
    let url = format!("http://{}/livez", events.admin);
    let ready = format!("http://{}/readyz", events.admin);
    // A hundred events are in its queue, each a transaction: more than its six seconds where others keep the disk busy.
    let variables = [
        ("DATABASE", database.as_str()),
        ("GRACEFUL_TIMEOUT_PROCESSOR", "25s"),
        ("GRACEFUL_TIMEOUT_NOTIFIER", "25s"),
    ];
    let options = ["--url", &url, "--ready", &ready];
    events.rehearse_all(&variables, &options, |_| {
        let select = |table| {
            let select = format!("SELECT number FROM {table} ORDER BY number");
            events.numbers("events.db", &select)
        };
        let reached = events.numbers("events.db", "SELECT reached FROM checkpoint")[0];
        let mut done = select("processed");
        assert_eq!(done, select("notified"));
        for table in ["dead_letters", "left_over"] {
            done.extend(select(table));
        }
        done.sort_unstable();
        assert_eq!(done, (1..=reached).collect::<Vec<_>>());
        assert!(reached > 0);
    });
}
