//! What is found out in the course of a stop, for its report.

use crate::lock::Lock;
use crate::report::LeftBehind;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use tokio::time::Instant;

// Nobody else sets what is set once. The flags are relaxed: written by the supervisor, and read once the last phase has
// published them.
#[derive(Default)]
pub(crate) struct Findings {
    // A mutex, both: written once or twice in a stop.
    pub(crate) abandoned: Lock<Vec<LeftBehind>>,
    pub(crate) waited_for: Lock<Vec<String>>,
    pub(crate) main_overran: AtomicBool,
    /// Closes were still to come when the total deadline passed.
    pub(crate) is_cut: AtomicBool,
    /// The supervisor has panicked.
    pub(crate) is_lost: AtomicBool,
    /// What became of the body, where it was dropped: how many tasks were beside it.
    pub(crate) main_dropped: OnceLock<usize>,
    /// How many tasks nobody waited for.
    pub(crate) leaked_tasks: OnceLock<usize>,
    pub(crate) closed_at: OnceLock<Instant>,
    /// The exit code that is said before the last words: it stands, whatever comes of them.
    pub(crate) said_code: OnceLock<u8>,
}

impl Findings {
    /// Everything has been closed that is going to be.
    pub(crate) fn has_closed(&self) -> bool {
        self.closed_at.get().is_some()
    }
}
