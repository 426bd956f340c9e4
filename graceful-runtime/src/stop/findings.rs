//! What is found out in the course of a stop, for its report.

use crate::reason::Signal;
use crate::report::LeftBehind;
use tokio::time::Instant;

#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Findings {
    /// The first signal had come before the body began, which can't have heard of it.
    pub(crate) signal_came_before: bool,
    /// The second signal, which cuts the stop.
    pub(crate) forced_by: Option<Signal>,
    /// The end is forced: the main thread is not let go any more.
    pub(crate) is_forced: bool,
    /// What it is about is a function that has come to its end: its caller goes on.
    pub(crate) function_returns: bool,
    /// When the main thread went on to what is said last.
    pub(crate) runtime_ended: Option<Instant>,
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
