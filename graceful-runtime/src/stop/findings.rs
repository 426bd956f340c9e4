//! What is found out in the course of a stop, for its report.

use crate::report::LeftBehind;
use tokio::time::Instant;

#[derive(Clone, Default)]
pub(crate) struct Findings {
    pub(crate) left_behind: Vec<LeftBehind>,
    pub(crate) waited_for: Vec<String>,
    /// Closes were still to come when the total deadline passed.
    pub(crate) is_cut: bool,
    /// The supervisor has panicked.
    pub(crate) is_lost: bool,
    /// The body showed no sign of having heard, and was dropped.
    pub(crate) main_dropped: bool,
    /// How many tasks nobody waited for.
    pub(crate) leaked_tasks: usize,
    /// When everything had been closed that was going to be.
    pub(crate) closed_at: Option<Instant>,
    /// The exit code that is said before the last words: it stands, whatever comes of them.
    pub(crate) said_code: Option<u8>,
}
