//! The service under load, stopped in the middle, with what is left behind looked at.

mod customers;

use customers::{client, place, states, told};
use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use orders::api::NewOrder;
use std::collections::BTreeSet;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

const CLIENTS: usize = 16;

struct Running {
    process: Process,
    address: String,
    admin: String,
}

fn program(folder: &TempDir, saga_step: &str) -> Program {
    Program::new(env!("CARGO_BIN_EXE_orders"))
        .env("ADDRESS", "127.0.0.1:0")
        .env("ADMIN_ADDRESS", "127.0.0.1:0")
        .env("DATABASE", folder.path().join("orders.db"))
        .env("TOPIC", folder.path().join("topic"))
        .env("SAGA_STEP_MS", saga_step)
        .env("NO_COLOR", "1")
        .patience(Duration::from_secs(90))
}

fn start(program: Program) -> Running {
    let mut process = program.start();
    let mut after = |words: &str| {
        let line = process.wait_for_line(words);
        line.trim_start_matches(words).to_owned()
    };
    let address = after("listening on ");
    let admin = after("probes on http://");
    Running {
        process,
        address,
        admin,
    }
}

async fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: orders\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn end(mut process: Process) -> Ended {
    spawn_blocking(move || process.end()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_order_that_was_answered_is_confirmed_and_the_broker_knows() {
    let folder = tempfile::tempdir().unwrap();
    // The saga of the last order goes on for so long that the service is asked a few things meanwhile.
    let program = program(&folder, "500")
        .env("GRACEFUL_TIMEOUT", "80s")
        .env("GRACEFUL_TIMEOUT_SAGAS", "25s")
        .env("GRACEFUL_TIMEOUT_OUTBOX", "25s");
    let mut orders = start(program);
    let (answer, mut answers) = mpsc::channel(1);
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(place(orders.address.clone(), answer.clone()));
    }
    drop(answer);
    let mut answered = Vec::new();
    for _ in 0..300 {
        answered.push(answers.recv().await.unwrap());
    }

    orders.process.signal(Signal::Terminate);
    let rest = tokio::spawn(async move {
        let mut rest = Vec::new();
        while let Some(id) = answers.recv().await {
            rest.push(id);
        }
        rest
    });
    orders.process.wait_for_line("closing sagas");
    let (liveness, readiness) = (
        get(&orders.admin, "/livez").await,
        get(&orders.admin, "/readyz").await,
    );
    assert!(liveness.starts_with("HTTP/1.1 200"), "{liveness}");
    assert!(readiness.starts_with("HTTP/1.1 503"), "{readiness}");
    assert!(
        get(&orders.admin, "/metrics")
            .await
            .contains("orders_outbox_backlog ")
    );
    for closing in [
        "closing outbox",
        "closing admin",
        "closing broker",
        "closing store",
    ] {
        orders.process.wait_for_line(closing);
    }
    let ended = end(orders.process).await;
    ended.assert_code(0);
    for lost in clients.join_all().await {
        assert!(lost.is_none(), "{lost:?}");
    }
    answered.extend(rest.await.unwrap());

    let states = states(folder.path()).await;
    assert!(
        states.iter().all(|(_, state)| state == "confirmed"),
        "{states:?}\n{ended}"
    );
    let placed: BTreeSet<i64> = states.into_iter().map(|(id, _)| id).collect();
    // Both ways: no call that has reached the service is without an answer.
    assert_eq!(BTreeSet::from_iter(answered), placed);
    assert_eq!(told(folder.path(), "confirmed"), placed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saga_that_is_too_slow_is_named_and_goes_on_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut orders = start(program(&folder, "60000"));
    let mut client = client(orders.address.clone()).await;
    let placed = client
        .place(NewOrder {
            item: "tea".to_owned(),
        })
        .await
        .unwrap();
    let id = placed.into_inner().id;
    drop(client);
    orders.process.signal(Signal::Terminate);
    let ended = end(orders.process).await;
    ended
        .assert_code(1)
        .assert_stderr(&["! sagas", "timed out", "src/saga.rs"]);
    for closed in ["outbox", "admin", "broker", "store"] {
        let mut lines = ended.stderr.lines();
        let line = lines.find(|line| line.trim_start().starts_with(closed));
        assert!(
            line.is_some_and(|line| line.ends_with("closed")),
            "{closed} is not closed: {ended}"
        );
    }
    assert_eq!(states(folder.path()).await, [(id, "placed".to_owned())]);

    let mut orders = start(program(&folder, "1"));
    orders.process.signal(Signal::Terminate);
    end(orders.process).await.assert_code(0);
    assert_eq!(states(folder.path()).await, [(id, "confirmed".to_owned())]);
    assert_eq!(told(folder.path(), "confirmed"), BTreeSet::from([id]));
}

#[test]
fn what_the_platform_is_told_is_of_this_plan() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_orders"))
        .env("GRACEFUL_PLAN", "text")
        .output()
        .unwrap();
    let plan = String::from_utf8_lossy(&program.stdout);
    assert_eq!(
        plan,
        include_str!("../deploy/plan.txt"),
        "run `examples/manifests orders`"
    );
}
