//! One piece of work in flight.

use super::cell::Cell;
use std::fmt;

/// Holds the end of a [`Tracker`](crate::Tracker)'s close up for as long as it lives: one piece of
/// work in flight.
///
/// It is one reference large, `Send`, `Sync` and `'static`: keep it in whatever the work is, a task, a
/// message, a response that is streamed. It may be dropped on any thread.
///
/// A clone counts for itself, at the place of the original. It is not refused while the tracker
/// closes: what was begun may branch out, and is complete when all branches are.
///
/// One that is leaked (`mem::forget`) holds the close up until its limit.
#[must_use = "the work counts as ended once its guard is dropped"]
pub struct Guard {
    cell: &'static Cell,
}

impl Guard {
    /// Counts one more; `None` where the cell is closed.
    #[inline]
    pub(super) fn enter(cell: &'static Cell) -> Option<Self> {
        if cell.count.enter() {
            Some(Self { cell })
        } else {
            refuse(cell);
            None
        }
    }
}

/// Takes the count back, which may be the one that a drain waits for.
#[cold]
fn refuse(cell: &'static Cell) {
    cell.leave();
}

impl Clone for Guard {
    #[inline]
    fn clone(&self) -> Self {
        self.cell.count.enter_beside();
        Self { cell: self.cell }
    }
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        self.cell.leave();
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}
