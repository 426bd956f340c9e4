//! Starts the program, signals it, and waits for its end.

use graceful::Signal;
use graceful::testing::{self, Process};
use std::ops::Deref;
use std::path::Path;
use std::process::Command;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// Nothing takes this long; what does is killed, and has failed.
pub(crate) const LOST: Duration = Duration::from_secs(130);

/// For a machine on which other things run as well.
pub(crate) const NOISE: Duration = Duration::from_millis(1500);

/// Programs run beside each other, but for those that keep all processors busy, and measure what others would too.
static TURN: RwLock<()> = RwLock::new(());

/// For the time that it lives no other program runs.
pub(crate) fn alone() -> impl Drop {
    // A test that failed leaves nothing behind here.
    TURN.write().unwrap_or_else(PoisonError::into_inner)
}

/// A program that is about to be started: `core-limits <flavor> <case>`.
pub(crate) struct Program(Command);

impl Program {
    pub(crate) fn new(flavor: &str, case: &str) -> Self {
        Self::of(
            Command::new(env!("CARGO_BIN_EXE_core-limits")),
            flavor,
            case,
        )
    }

    /// Started by a command that ends in the path of the program.
    pub(crate) fn of(mut command: Command, flavor: &str, case: &str) -> Self {
        command.args([flavor, case]).env_remove("RUST_BACKTRACE");
        Self(command)
    }

    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.0.arg(argument);
        self
    }

    /// How long the whole may take, in the place of what the case has.
    pub(crate) fn budget(mut self, budget: Duration) -> Self {
        let budget = format!("{}ms", budget.as_millis());
        self.0.env("GRACEFUL_TIMEOUT", budget);
        self
    }

    /// How long the field behind the many may take.
    pub(crate) fn limit_of_db(mut self, limit: &str) -> Self {
        self.0.env("GRACEFUL_TIMEOUT_DB", limit);
        self
    }

    /// Where its record goes.
    pub(crate) fn record(mut self, file: &Path) -> Self {
        self.0.env("GRACEFUL_REPORT_FILE", file);
        self
    }

    pub(crate) fn start(self) -> Process {
        testing::Program::from(self.0).patience(LOST).start()
    }

    /// Lets it come to its end by itself.
    pub(crate) fn run(self) -> Ended {
        let _beside = beside();
        Ended(self.start().end())
    }

    /// Starts it, sends SIGTERM once it is ready, and waits for its end.
    pub(crate) fn stop(self) -> Ended {
        let _beside = beside();
        self.stop_alone()
    }

    /// The same of a program that has its [turn](alone).
    pub(crate) fn stop_alone(self) -> Ended {
        let mut process = self.start();
        process.wait_for_line("ready");
        Ended(process.signal(Signal::Terminate).end())
    }
}

fn beside() -> impl Drop {
    TURN.read().unwrap_or_else(PoisonError::into_inner)
}

/// How it ended.
pub(crate) struct Ended(pub(crate) testing::Ended);

impl Deref for Ended {
    type Target = testing::Ended;

    fn deref(&self) -> &testing::Ended {
        &self.0
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn code(&self, code: i32) -> &Self {
        self.0.assert_code(code);
        self
    }

    /// It ended by this time, with a margin for noise.
    #[track_caller]
    pub(crate) fn within(&self, limit: Duration) -> &Self {
        self.0.assert_within(limit + NOISE);
        self
    }

    /// A line of its standard output is this one.
    #[track_caller]
    pub(crate) fn said(&self, line: &str) -> &Self {
        let found = self.stdout.lines().any(|said| said == line);
        assert!(found, "it did not say {line:?}: {}", self.0);
        self
    }

    /// A line of its standard error has all of these words.
    #[track_caller]
    pub(crate) fn reported(&self, words: &[&str]) -> &Self {
        self.0.assert_stderr(words);
        self
    }

    /// What stands behind `name: ` on a line of its standard output.
    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> u64 {
        let value = |line: &str| line.strip_prefix(name)?.strip_prefix(": ")?.parse().ok();
        let found = self.stdout.lines().filter_map(value).next_back();
        found.unwrap_or_else(|| panic!("it did not say {name:?}: {}", self.0))
    }
}
