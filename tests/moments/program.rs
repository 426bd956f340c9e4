//! Starts the program, signals it, and waits for its end.

use graceful::Signal;
use graceful::testing::{self, Pipe, Process};
use serde_json::Value;
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Nothing takes this long; what does is killed, and has failed.
const LOST: Duration = Duration::from_secs(30);

/// Longer than what still counts as the same request.
const APART: Duration = Duration::from_millis(300);

/// What a busy machine may add.
pub(crate) const NOISE: Duration = Duration::from_millis(1500);

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A program that is about to be started, with a log file and a record of its own.
pub(crate) struct Program {
    command: testing::Program,
    row: String,
    log: PathBuf,
    record: PathBuf,
}

impl Program {
    pub(crate) fn new(shape: &str, flavor: &str, case: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("log-{}-{count}", std::process::id());
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let record = log.with_extension("json");
        let command = testing::Program::new(env!("CARGO_BIN_EXE_moments"))
            .args([shape, flavor, case])
            // Each panic would take tens of milliseconds for its frames.
            .env_remove("RUST_BACKTRACE")
            .env("MOMENTS_LOG", &log)
            .env("GRACEFUL_REPORT_FILE", &record)
            .patience(LOST);
        Self {
            command,
            row: format!("{shape} {flavor} {case}"),
            log,
            record,
        }
    }

    /// The log goes to the file straight from who says something.
    pub(crate) fn straight(mut self, straight: bool) -> Self {
        if straight {
            self.command = self.command.env("MOMENTS_STRAIGHT", "1");
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command = self.command.env(name, value);
        self
    }

    /// Nobody reads its standard error, though the pipe is open.
    pub(crate) fn unread(mut self) -> Self {
        self.command = self.command.stderr(Pipe::Unread);
        self
    }

    pub(crate) fn start(self) -> Running {
        Running {
            process: self.command.start(),
            row: self.row,
            log: self.log,
            record: self.record,
        }
    }

    /// Starts it, and waits until its case is in place.
    pub(crate) fn ready(self) -> Running {
        let mut running = self.start();
        running.process.wait_for_line("ready");
        running
    }
}

/// A program that runs.
pub(crate) struct Running {
    pub(crate) process: Process,
    row: String,
    log: PathBuf,
    record: PathBuf,
}

impl Running {
    /// Sends a signal, and waits until it says these words, of having heard: the next one is a request of its own, however
    /// late a busy machine is to tell it of this one.
    pub(crate) fn signal_until(&mut self, signal: Signal, words: &str) -> &mut Self {
        self.process.signal(signal);
        let began = Instant::now();
        while !(self.log().contains(words) || self.process.to_string().contains(words)) {
            let waits = began.elapsed() < LOST;
            assert!(waits, "it does not say {words:?}: {}", self.process);
            sleep(ms(1));
        }
        self.process.after(APART);
        self
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> Ended {
        let process = self.process.end();
        let record = std::fs::read_to_string(&self.record).unwrap_or_default();
        Ended {
            process,
            log: self.log(),
            row: self.row.clone(),
            causes: Cell::new(causes(&record)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.log));
        drop(std::fs::remove_file(&self.record));
    }
}

/// What the record names: component and kind.
type Causes = Vec<(String, String)>;

/// Nothing where there is no record: a third signal, or a `main` that returns, may leave none.
fn causes(record: &str) -> Causes {
    let Some(record) = record.lines().last() else {
        return Vec::new();
    };
    let record: Value = serde_json::from_str(record).expect("a line of JSON");
    let text = |cause: &Value, field: &str| cause[field].as_str().expect("a text").to_owned();
    let causes = record["causes"].as_array().expect("a list");
    let causes = causes.iter();
    let causes: Causes = causes
        .map(|cause| (text(cause, "component"), text(cause, "kind")))
        .collect();
    let is_well = record["exit_code"] == 0 && record["clean"] == true;
    assert!(is_well || !causes.is_empty(), "no cause: {record:#}");
    causes
}

/// How it ended. What its record names has to be named by the test.
pub(crate) struct Ended {
    process: testing::Ended,
    pub(crate) log: String,
    row: String,
    causes: Cell<Causes>,
}

impl Ended {
    /// The record names these causes, component and kind, and no others.
    #[track_caller]
    pub(crate) fn caused_by(&self, causes: &[(&str, &str)]) -> &Self {
        let named = self.causes.take();
        let named: Vec<_> = named.iter().map(|(it, kind)| (&**it, &**kind)).collect();
        assert_eq!(named, causes, "{self}");
        self
    }
}

impl Deref for Ended {
    type Target = testing::Ended;

    fn deref(&self) -> &testing::Ended {
        &self.process
    }
}

/// What a failed assertion shows.
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.row, self.process)
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let causes = self.causes.take();
        let are_forgotten = !causes.is_empty() && !std::thread::panicking();
        assert!(!are_forgotten, "{}: not `caused_by`: {causes:?}", self.row);
    }
}
