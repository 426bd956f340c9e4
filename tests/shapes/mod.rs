//! Every way in which programs write what the attribute stands on, each run, signalled and asked for its exit
//! code and its closes.

#![cfg(unix)]

mod functions;
mod mains;

use graceful::testing::{Ended, Process, Program};
use std::time::Duration;

/// A body that ran this long before the signal did not hear of it.
const QUIET: Duration = Duration::from_millis(100);

/// Starts `program` with one argument, which says what it does.
#[track_caller]
fn start(program: &str, row: &str) -> Process {
    Program::new(program)
        .arg(row)
        // Each panic would take tens of milliseconds for its frames.
        .env_remove("RUST_BACKTRACE")
        .start()
}

trait Said {
    /// These were its lines, in this order; `ready` goes without saying.
    fn said(&self, lines: &[&str]) -> &Self;
}

impl Said for Ended {
    #[track_caller]
    fn said(&self, lines: &[&str]) -> &Self {
        let said = self.stdout.lines().filter(|line| *line != "ready");
        assert!(said.eq(lines.iter().copied()), "not {lines:?}: {self}");
        self
    }
}
