//! Starts the service, signals it, and opens what it leaves behind.

use rustix::process::{Pid, Signal, kill_process};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Nothing takes this long, the service's own timeout included; what does has failed.
pub(crate) const LOST: Duration = Duration::from_secs(30);

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    child: Child,
    // Its reader: a service that logs into a closed pipe would see errors.
    _stdout: BufReader<ChildStdout>,
    folder: TempDir,
}

/// What is left of the service.
pub(crate) struct Remains {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) orders: BTreeMap<i64, Order>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) item: String,
    pub(crate) confirmed: bool,
}

impl Service {
    /// Returns once it listens.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_service"))
            .env("DATABASE", database(&folder))
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).await.unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        Self {
            address: address.expect(&line).parse().unwrap(),
            child,
            _stdout: stdout,
            folder,
        }
    }

    pub(crate) fn terminate(&self) {
        let id = self
            .child
            .id()
            .and_then(|id| Pid::from_raw(id.cast_signed()));
        kill_process(id.unwrap(), Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub(crate) async fn remains(self) -> Remains {
        let output = timeout(LOST, self.child.wait_with_output()).await;
        let output = output.expect("the service does not end").unwrap();
        Remains {
            code: output.status.code(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            orders: orders(database(&self.folder)).await,
        }
    }
}

impl Remains {
    /// Exit code 0, and a timeline of three fields that have closed.
    pub(crate) fn assert_clean(&self) {
        let stderr = &self.stderr;
        assert_eq!(self.code, Some(0), "{stderr}");
        assert!(stderr.contains("stopped after SIGTERM in "), "{stderr}");
        assert!(stderr.contains(": 3 closed (exit code 0)"), "{stderr}");
        for field in ["http", "confirmations", "db"] {
            let line = stderr.lines().find(|line| line.trim().starts_with(field));
            assert!(
                line.is_some_and(|line| line.ends_with("closed")),
                "{stderr}"
            );
        }
    }
}

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("orders.db")
}

async fn orders(file: PathBuf) -> BTreeMap<i64, Order> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let rows: Vec<(i64, String, bool)> = sqlx::query_as("SELECT id, item, confirmed FROM orders")
        .fetch_all(&mut db)
        .await
        .unwrap();
    rows.into_iter()
        .map(|(id, item, confirmed)| (id, Order { item, confirmed }))
        .collect()
}
