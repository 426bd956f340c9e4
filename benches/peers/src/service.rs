//! The service that all of `services/` run: the same parts with the same faults; how it is stopped is theirs.

use crate::marks::mark;
use std::future::pending;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{sleep, timeout};

/// What the whole stop may take, where nothing else is asked for.
pub const BUDGET: Duration = Duration::from_secs(1);

/// The variable with another budget, in seconds.
pub const BUDGET_VARIABLE: &str = "PEERS_BUDGET";

/// What the whole stop may take.
pub fn budget() -> Duration {
    let asked = std::env::var(BUDGET_VARIABLE).ok();
    let seconds = asked.and_then(|seconds| seconds.parse().ok());
    seconds.map_or(BUDGET, Duration::from_secs)
}

/// What a part may take to close.
pub const LIMIT: Duration = Duration::from_millis(200);

const FOR_EVER: Duration = Duration::from_secs(90);

/// What goes wrong in a service.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Called as `<program> <flavor> <fault>`.
///
/// # Panics
///
/// If it was not.
pub fn argument(at: usize) -> String {
    let argument = std::env::args().nth(at);
    argument.expect("called as `<program> <flavor> <fault>`")
}

/// What `#[tokio::main]` builds, of the flavor that was asked for; its log goes to standard error.
///
/// # Panics
///
/// If there is no room for its threads.
pub fn runtime() -> Runtime {
    log();
    let mut builder = match &*argument(1) {
        "current_thread" => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.expect("a runtime")
}

/// The log of the service and of what it stops with.
pub fn log() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
}

/// Opens the lease, serves, and closes the lease, however that went.
///
/// # Errors
///
/// Those of serving, and of closing the lease.
pub async fn with_lease(serve: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    let lease = lease();
    let served = serve.await;
    lease.close_in_time().await?;
    served
}

/// What is opened before all else, and closed after it.
pub fn lease() -> Part {
    Part::named("lease")
}

/// A part of the service: a server, a queue, a pool of connections.
#[derive(Clone, Debug)]
pub struct Part {
    name: &'static str,
    fault: String,
    limit: Option<Duration>,
}

/// Starts the service, with its fault: its parts, in the order in which they are to close.
///
/// # Errors
///
/// If that is the fault.
///
/// # Panics
///
/// If that is the fault.
pub async fn open() -> Result<Vec<Part>, Error> {
    let fault = argument(2);
    match &*fault {
        "start-up waits" => {
            ready();
            pending::<()>().await;
        }
        "start-up blocks" => {
            ready();
            std::thread::sleep(FOR_EVER);
        }
        "start-up fails" => return Err("the database refuses us".into()),
        "start-up panics" => panic!("the configuration is gone"),
        "a worker blocked" => block_workers(1),
        "every worker blocked" | "wreck, every worker blocked" => {
            block_workers(Handle::current().metrics().num_workers());
        }
        "blocking pool full" | "needs the blocking pool" => fill_blocking_pool(),
        "spawn_blocking never ends" => {
            tokio::task::spawn_blocking(|| {
                ready();
                std::thread::sleep(FOR_EVER);
            });
        }
        "stdin read pending" => read_stdin(),
        "stderr floods" => flood_stderr(),
        _ => ready(),
    }
    let closes_by = |name, fault: &str| Part::named(name).with(fault);
    Ok(match &*fault {
        "wreck" | "wreck, every worker blocked" => vec![
            closes_by("hangs", "hangs"),
            closes_by("panics", "panics"),
            closes_by("blocks", "blocks"),
            Part::named("db"),
        ],
        "hangs without a limit" => vec![closes_by("queue", "hangs").without_limit()],
        _ if fault.starts_with("consumer ") => {
            vec![closes_by("consumer", &fault), Part::named("db")]
        }
        _ => {
            let guard = if fault.starts_with("drop ") {
                &*fault
            } else {
                ""
            };
            let queue = if guard.is_empty() { &*fault } else { "" };
            vec![
                Part::named("http"),
                closes_by("queue", queue),
                closes_by("guard", guard),
                Part::named("db"),
            ]
        }
    })
}

impl Part {
    fn named(name: &'static str) -> Self {
        Self {
            name,
            fault: String::new(),
            limit: Some(LIMIT),
        }
    }

    fn with(mut self, fault: &str) -> Self {
        fault.clone_into(&mut self.fault);
        self
    }

    fn without_limit(mut self) -> Self {
        self.limit = None;
        self
    }

    /// All of its life, for who has tasks: it serves until it is told, waits for its turn, and closes in
    /// time. The turn is over when this is dropped.
    ///
    /// # Errors
    ///
    /// Those of serving and closing.
    pub async fn run(
        self,
        told: impl Future<Output = ()>,
        turn: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let mut turn = std::pin::pin!(turn);
        let served = self.serve(told).await;
        turn.as_mut().await;
        self.close_in_time().await?;
        served
    }

    /// Serves until it is told, or until its fault ends it.
    ///
    /// # Errors
    ///
    /// If that is its fault.
    ///
    /// # Panics
    ///
    /// If that is its fault.
    pub async fn serve(&self, told: impl Future<Output = ()>) -> Result<(), Error> {
        let ends_after = Duration::from_millis(50);
        match &*self.fault {
            "consumer ends" => sleep(ends_after).await,
            "consumer fails" => {
                sleep(ends_after).await;
                return Err("connection lost".into());
            }
            "consumer panics" => {
                sleep(ends_after).await;
                panic!("an offset is missing");
            }
            _ => told.await,
        }
        Ok(())
    }

    /// Closes it within its limit, where it has one.
    ///
    /// # Errors
    ///
    /// If it fails, or takes longer.
    pub async fn close_in_time(self) -> Result<(), Error> {
        let name = self.name;
        match self.limit {
            Some(limit) => match timeout(limit, self.close()).await {
                Ok(closed) => closed,
                Err(_) => Err(format!("{name} did not close in time").into()),
            },
            None => self.close().await,
        }
    }

    /// Closes it, as its fault says.
    ///
    /// # Errors
    ///
    /// If that is its fault.
    ///
    /// # Panics
    ///
    /// If that is its fault.
    pub async fn close(self) -> Result<(), Error> {
        match &*self.fault {
            "hangs" => pending().await,
            "hangs and its drop blocks" => {
                let _blocks = Guard("drop blocks");
                pending::<()>().await;
            }
            "panics" => panic!("the queue is on fire"),
            "fails" => return Err("connection reset by peer".into()),
            "blocks" => std::thread::sleep(FOR_EVER),
            "drop panics" => drop(Guard("drop panics")),
            "drop blocks" => drop(Guard("drop blocks")),
            "needs the blocking pool" => {
                // As `tokio::fs` does it.
                tokio::task::spawn_blocking(|| ()).await?;
            }
            _ => sleep(Duration::from_millis(20)).await,
        }
        mark(&format!("closed {}", self.name));
        Ok(())
    }
}

/// Closed by being dropped.
struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        match self.0 {
            "drop panics" => panic!("the guard let go"),
            _ => std::thread::sleep(FOR_EVER),
        }
    }
}

/// Lets the signal come once the service has had the time to wait for it.
fn ready() {
    // No task: the fault may be that none is run.
    std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(50));
        mark("ready");
    });
}

/// Is ready once so many of those that it was cloned for are at their fault.
#[derive(Clone)]
struct Gathering(Arc<AtomicUsize>);

impl Gathering {
    fn of(wanted: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(wanted)))
    }

    fn arrive(&self) {
        // It guards no memory.
        if self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            ready();
        }
    }
}

fn block_workers(workers: usize) {
    let gathering = Gathering::of(workers);
    for _ in 0..workers {
        let gathering = gathering.clone();
        tokio::spawn(async move {
            gathering.arrive();
            std::thread::sleep(FOR_EVER);
        });
    }
}

/// tokio's default number of blocking threads, all asleep.
fn fill_blocking_pool() {
    const THREADS: usize = 512;

    let gathering = Gathering::of(THREADS);
    for _ in 0..THREADS {
        let gathering = gathering.clone();
        tokio::task::spawn_blocking(move || {
            gathering.arrive();
            std::thread::sleep(FOR_EVER);
        });
    }
}

/// Reads from a pipe that stays open and empty.
fn read_stdin() {
    tokio::spawn(async {
        ready();
        let mut byte = [0];
        drop(tokio::io::stdin().read(&mut byte).await);
    });
}

/// A thread that holds the lock of standard error for ever, once the pipe behind it is full.
fn flood_stderr() {
    // More than a pipe holds.
    const PIPE: usize = 1 << 20;

    std::thread::spawn(|| {
        let mut stderr = std::io::stderr().lock();
        ready();
        stderr.write_all(&vec![b'.'; PIPE])
    });
}
