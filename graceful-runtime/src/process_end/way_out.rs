//! How the process ends once everything has been said: as any does, at once, or of the signal that began the stop.

use super::stdout::flush_stdout;
use crate::context::Sequencer as _;
use crate::reason::Signal;
use crate::stop::Supervisor;
use crate::thread_state::WHILE_IT_WORKS;
use std::time::Duration;

/// What is buffered may wait no longer for who reads it: an exit that was asked for again does not wait.
const STDOUT_FLUSH_BUDGET: Duration = Duration::from_millis(10);

impl Supervisor {
    /// Whether something is still in code of the user's, which the end must not pull away what it uses.
    fn leaves_threads(&self) -> bool {
        let is_cut = {
            let found = self.found();
            found.is_cut || !found.left_behind.is_empty()
        };
        if is_cut {
            return true;
        }
        let last = self.closing_last.sequence.get();
        let last = last.map(|sequence| sequence.executor());
        let executors = [Some(&self.executor), last];
        let stays = |patience| {
            let mut executors = executors.iter().flatten();
            executors.any(|executor| executor.stays_in_users_code(patience))
        };
        // Who tells of the last close is on the way out of it, and on a busy machine late.
        stays(Duration::ZERO) && (!self.short_report().is_clean() || stays(WHILE_IT_WORKS))
    }

    /// Whether the process is not to end as any other does.
    pub(crate) fn ends_otherwise(&self) -> bool {
        self.dies_of().is_some() || self.leaves_threads()
    }

    /// Ends the process now. What libraries have registered with `atexit` is not called: it may hang, and pull away
    /// what a thread that was left behind still uses.
    pub(crate) fn leave(&self, code: u8) -> ! {
        flush_stdout(STDOUT_FLUSH_BUDGET);
        self.leave_unflushed(code)
    }

    /// The same where standard output has had its time.
    pub(crate) fn leave_unflushed(&self, code: u8) -> ! {
        if let (Some(die_of), Some(signal)) = (self.settings.die_of, self.dies_of()) {
            die_of(signal);
        }
        exit_at_once(code)
    }
}

/// Does not return, unless the process can't die of it: the kernel keeps signals from the first process of a namespace.
#[cfg(unix)]
pub(crate) fn die_of(signal: Signal) {
    if std::process::id() != 1 {
        // What can't be raised leaves the exit code, which is the same to a shell.
        drop(signal_hook::low_level::emulate_default_handler(
            signal.number().into(),
        ));
    }
}

#[cfg(not(unix))]
pub(crate) fn die_of(_: Signal) {}

#[cfg(unix)]
fn exit_at_once(code: u8) -> ! {
    signal_hook::low_level::exit(code.into())
}

#[cfg(not(unix))]
fn exit_at_once(code: u8) -> ! {
    std::process::exit(code.into())
}
