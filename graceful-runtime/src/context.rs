//! What a close may ask while it runs.

use crate::board::{Board, Ticket};
use crate::reason::Reason;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What a close may ask while it runs: how long it has, why the stop began, and who it is.
///
/// ```
/// use graceful::{Context, Result, Shutdown};
///
/// struct Outbox(Vec<String>);
///
/// impl Shutdown for Outbox {
///     async fn shutdown(self, cx: Context) -> Result {
///         let total = self.0.len();
///         for (sent, message) in self.0.into_iter().enumerate() {
///             cx.progress(format!("sent {sent} of {total}"));
///             tokio::time::timeout_at(cx.deadline(), send(message)).await?;
///         }
///         Ok(())
///     }
/// }
/// # async fn send(_: String) {}
/// ```
#[derive(Clone)]
pub struct Context {
    pub(crate) board: Arc<Board>,
    pub(crate) ticket: Ticket,
    pub(crate) reason: Arc<Reason>,
}

impl Context {
    /// When this step is left behind. Not later than the total deadline, which is frozen when the
    /// stop begins.
    pub fn deadline(&self) -> Instant {
        self.ticket.limit
    }

    /// What is left until the [`deadline`](Context::deadline); zero once it has passed.
    pub fn remaining(&self) -> Duration {
        self.ticket.limit.saturating_duration_since(Instant::now())
    }

    /// Why the stop began.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The dotted path of the field that is being closed: `storage.db`.
    pub fn name(&self) -> &str {
        &self.ticket.name
    }

    /// Says how far the close is. The last word stands in the report, and in the line that is
    /// written every few seconds while something is slow.
    pub fn progress(&self, text: impl Into<String>) {
        self.board.progress(self.ticket.row, text.into());
    }

    /// Says that there was nothing to close: the step is reported as skipped.
    pub(crate) fn nothing_to_close(&self) {
        self.board.nothing_to_close(self.ticket.row);
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("name", &self.name())
            .field("remaining", &self.remaining())
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
