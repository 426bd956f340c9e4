//! What a rehearsal says of a stop is what others see of the same stop: a client and an observer of the test's own, the
//! service's own record, and its database.

#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test")]

use crate::kit::free_port;
use graceful::testing::Program;
use serde_json::Value;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How far two clocks may be apart that look at one moment, on a machine on which other things run as well.
const MARGIN: Duration = Duration::from_millis(250);

/// The service goes on serving for so long: a figure that is off by a part of the stop is off by more than the margin.
const DELAY: Duration = Duration::from_secs(1);

/// Nothing takes this long; what does has failed.
const LOST: Duration = Duration::from_secs(40);

/// What the test itself has seen of a stop, in milliseconds of the calendar.
#[derive(Debug)]
struct Seen {
    not_ready: f64,
    gone: f64,
    answered: i64,
    failed: Vec<String>,
}

/// The two figures for one thing.
struct Figures {
    what: &'static str,
    of_rehearsal: f64,
    of_test: f64,
}

impl Figures {
    fn apart(&self) -> f64 {
        (self.of_rehearsal - self.of_test).abs()
    }
}

fn now() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs_f64() * 1e3
}

fn address() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], free_port()))
}

/// Asks once: the status, where there is an answer.
fn ask(address: SocketAddr, head: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1);
    status
        .map(str::to_owned)
        .ok_or(ErrorKind::UnexpectedEof.into())
}

fn is_ready(admin: SocketAddr) -> bool {
    ask(admin, "GET /readyz", "").is_ok_and(|status| status == "200")
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) -> f64 {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LOST, "{what}");
        sleep(Duration::from_millis(2));
    }
    now()
}

/// The program that a rehearsal has started.
fn child(rehearsal: u32) -> Option<u32> {
    let children = format!("/proc/{rehearsal}/task/{rehearsal}/children");
    std::fs::read_to_string(children).ok()?.trim().parse().ok()
}

/// Whether it has ended; whoever started it may not have seen that yet.
fn is_gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

/// Orders on connections of their own, until `stop` and until nobody listens any more.
fn order(http: SocketAddr, stop: &AtomicBool) -> (i64, Vec<String>) {
    let (mut answered, mut failed) = (0, Vec::new());
    loop {
        match ask(http, "POST /orders", r#"{"item":"tea"}"#) {
            Ok(status) if status == "201" => answered += 1,
            Ok(status) => failed.push(status),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => break,
            Err(error) => failed.push(error.to_string()),
        }
        // Relaxed: it publishes nothing.
        if stop.load(Ordering::Relaxed) {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    (answered, failed)
}

/// Looks at the same stop as the rehearsal does, from another process.
fn observe(rehearsal: u32, http: SocketAddr, admin: SocketAddr) -> Seen {
    wait_until("it is never ready", || is_ready(admin));
    let program = child(rehearsal).expect("it runs");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let orders = scope.spawn(|| order(http, &stop));
        let not_ready = scope.spawn(|| wait_until("it is ready for ever", || !is_ready(admin)));
        let gone = wait_until("it never ends", || is_gone(program));
        stop.store(true, Ordering::Relaxed);
        let (answered, failed) = orders.join().unwrap();
        Seen {
            not_ready: not_ready.join().unwrap(),
            gone,
            answered,
            failed,
        }
    })
}

/// How many orders there are.
async fn stored(database: &Path) -> i64 {
    let options = SqliteConnectOptions::new().filename(database);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let (count,) = sqlx::query_as("SELECT COUNT(*) FROM orders WHERE confirmed")
        .fetch_one(&mut db)
        .await
        .unwrap();
    count
}

/// One stop, and what both have seen of it.
fn stop() -> Vec<Figures> {
    let folder = tempfile::tempdir().unwrap();
    let (database, record) = (
        folder.path().join("orders.db"),
        folder.path().join("stop.json"),
    );
    let (http, admin) = (address(), address());
    let programs = Path::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .parent()
        .unwrap();
    let service = programs.join("examples/order_service");
    let mut rehearsal = Program::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args([
            "rehearse", "--format", "json", "--runs", "plain", "--rate", "50",
        ])
        .args([
            "--url",
            &format!("http://{http}/orders"),
            "--body",
            r#"{"item":"tea"}"#,
        ])
        .args(["--header", "content-type: application/json"])
        .args(["--ready", &format!("http://{admin}/readyz"), "--"])
        .arg(service)
        .env("PORT", http.port().to_string())
        .env("ADMIN_PORT", admin.port().to_string())
        .env("DATABASE", &database)
        .env("GRACEFUL_REPORT_FILE", &record)
        .env("GRACEFUL_DELAY", format!("{}s", DELAY.as_secs()))
        .patience(LOST)
        .start();
    let seen = observe(rehearsal.id(), http, admin);
    let ended = rehearsal.end();
    ended.assert_code(0);
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    let run = &json["runs"][0];
    let record = std::fs::read_to_string(record).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();

    assert_eq!(seen.failed, [""; 0], "{run:#}");
    let count = |name: &str| {
        let of = |source: &str| run["requests"][source][name].as_i64().unwrap();
        of("keep-alive") + of("new")
    };
    assert_eq!(run["requests"]["new"]["failed"], serde_json::json!({}));
    assert_eq!(
        run["requests"]["keep-alive"]["failed"],
        serde_json::json!({})
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stored = runtime.block_on(stored(&database));
    assert_eq!(
        count("answered") + seen.answered,
        stored,
        "{seen:?} {run:#}"
    );
    assert_eq!(run["exit"]["code"], record["exit_code"]);
    assert_eq!(run["exit"]["killed"], false);

    // When the program heard of the signal, by its own clock.
    let began = record["began_unix_ms"].as_f64().unwrap();
    let ms = |name: &str| run[name].as_f64().unwrap() * 1e3;
    let figures = |what, of_rehearsal, of_test| Figures {
        what,
        of_rehearsal,
        of_test,
    };
    vec![
        figures("the time to exit", ms("exit_seconds"), seen.gone - began),
        figures(
            "… by its own record",
            ms("exit_seconds"),
            record["total_ms"].as_f64().unwrap(),
        ),
        figures(
            "the lag of readiness",
            ms("readiness_off_seconds"),
            seen.not_ready - began,
        ),
    ]
}

/// In each of `rounds` stops; the figures are printed.
fn agree(rounds: usize) {
    let stops: Vec<_> = (0..rounds).map(|_| stop()).collect();
    for at in 0..stops[0].len() {
        let mut of_each: Vec<_> = stops.iter().map(|stop| &stop[at]).collect();
        of_each.sort_by(|one, other| one.of_rehearsal.total_cmp(&other.of_rehearsal));
        let (what, middle) = (of_each[0].what, of_each[rounds / 2]);
        let most = of_each
            .iter()
            .map(|figures| figures.apart())
            .fold(0.0, f64::max);
        println!(
            "{what}: {:.1} ms in the middle by the rehearsal and {:.1} ms by the test, never more than {most:.1} ms apart",
            middle.of_rehearsal, middle.of_test
        );
        for figures in of_each {
            let Figures {
                of_rehearsal,
                of_test,
                ..
            } = figures;
            let is_near = figures.apart() < MARGIN.as_secs_f64() * 1e3;
            assert!(is_near, "{what}: {of_rehearsal} ms and {of_test} ms");
        }
    }
}

#[test]
fn a_rehearsal_says_what_others_see_of_the_same_stop() {
    agree(2);
}

/// `cargo test -p graceful-cli same_stop -- --ignored --nocapture`
#[test]
#[ignore = "it takes a minute"]
fn a_rehearsal_says_what_others_see_of_twenty_stops() {
    agree(20);
}
