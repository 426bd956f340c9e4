//! Starts the service, signals it, and opens what it leaves behind.

use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// Nothing takes this long, the service's own timeout included; what does has failed.
pub(crate) const LOST: Duration = Duration::from_secs(30);

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) probes: SocketAddr,
    process: Process,
    folder: TempDir,
}

/// What is left of the service.
pub(crate) struct Remains {
    pub(crate) ended: Ended,
    pub(crate) orders: BTreeMap<i64, Order>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) item: String,
    pub(crate) confirmed: bool,
}

impl Service {
    /// Returns once it is ready: it listens before `main` has returned, and a signal then finds no field to name.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Program::new(env!("CARGO_BIN_EXE_service"))
            .env("DATABASE", database(&folder))
            .env("PORT", "0")
            .env("ADMIN_PORT", "0")
            // Words of its log are looked for.
            .env("NO_COLOR", "1")
            .patience(LOST)
            .start();
        let mut address = |words: &str| {
            let line = process.wait_for_line(words);
            line.strip_prefix(words).unwrap().parse().unwrap()
        };
        let (address, probes) = (
            address("listening on http://"),
            address("probes on http://"),
        );
        let ready = async {
            while graceful::health::ask(probes, "/readyz").await.is_err() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(LOST, ready).await.expect("it is never ready");
        Self {
            address,
            probes,
            process,
            folder,
        }
    }

    pub(crate) fn terminate(&mut self) {
        self.process.signal(Signal::Terminate);
    }

    /// Waits for its end; it says how it comes to that, in this order.
    pub(crate) async fn remains(mut self) -> Remains {
        for words in [
            "stopping after SIGTERM: closing http, confirmations, db, admin",
            "closing http",
            "http: closed",
            "closing confirmations",
            "confirmations: closed",
            "closing db",
            "db: closed",
            "closing admin",
            "admin: closed",
            "stopped after SIGTERM",
        ] {
            self.process.wait_for_line(words);
        }
        // Nothing else of the test has anything to do meanwhile.
        let ended = self.process.end();
        Remains {
            ended,
            orders: orders(database(&self.folder)).await,
        }
    }
}

impl Remains {
    /// Exit code 0, and a timeline of four fields that have closed.
    pub(crate) fn assert_clean(&self) {
        self.ended
            .assert_code(0)
            .assert_stderr(&["stopped after SIGTERM in ", ": 4 closed (exit code 0)"]);
        for field in ["http", "confirmations", "db", "admin"] {
            let mut lines = self.ended.stderr.lines();
            let line = lines.find(|line| line.trim().starts_with(field));
            let closed = line.is_some_and(|line| line.ends_with("closed"));
            assert!(closed, "{field}: {}", self.ended);
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
