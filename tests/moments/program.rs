//! Starts the program, signals it, and waits for its end.

use graceful::testing::{self, Ended, Process};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Nothing takes this long; what does is killed, and has failed.
const LOST: Duration = Duration::from_secs(30);

/// What a busy machine may add.
pub(crate) const NOISE: Duration = Duration::from_millis(1500);

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A program that is about to be started, with a log file of its own.
pub(crate) struct Program {
    program: testing::Program,
    log: PathBuf,
}

impl Program {
    pub(crate) fn new(shape: &str, flavor: &str, case: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("log-{}-{count}", std::process::id());
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let program = testing::Program::new(env!("CARGO_BIN_EXE_moments"))
            .args([shape, flavor, case])
            // Each panic would take tens of milliseconds for its frames.
            .env_remove("RUST_BACKTRACE")
            .env("MOMENTS_LOG", &log)
            .patience(LOST);
        Self { program, log }
    }

    /// The log goes to the file straight from who says something.
    pub(crate) fn straight(mut self, straight: bool) -> Self {
        if straight {
            self.program = self.program.env("MOMENTS_STRAIGHT", "1");
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.program = self.program.env(name, value);
        self
    }

    pub(crate) fn start(self) -> Running {
        Running {
            process: self.program.start(),
            log: self.log,
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
    log: PathBuf,
}

impl Running {
    /// Waits for its end: with what is in its log.
    pub(crate) fn end(&mut self) -> (Ended, String) {
        let ended = self.process.end();
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        (ended, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.log));
    }
}
