//! All the counts of one tracker: closing them, and the moment at which nobody is in any more.

use super::count::Count;
use super::sync::{AtomicBool, Mutex, MutexGuard, Ordering};
use std::sync::PoisonError;

/// Something with a count.
pub(super) trait Counted {
    fn count(&self) -> &Count;
}

#[derive(Debug)]
pub(super) struct Roster<C> {
    // Changed under the lock only; beside it, so that being refused takes no lock.
    closed: AtomicBool,
    // A mutex: taken when a thread meets a call site for the first time, and at the end.
    all: Mutex<Vec<C>>,
}

impl<C: Counted> Roster<C> {
    pub(super) fn new() -> Self {
        Self {
            closed: AtomicBool::new(false),
            all: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn all(&self) -> MutexGuard<'_, Vec<C>> {
        // No user code runs under the lock, so a poisoned list is a whole one.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closed(&self) -> bool {
        // Acquire: who is refused sees what was written before the close.
        self.closed.load(Ordering::Acquire)
    }

    /// The list, for one more count; `None` once closed.
    pub(super) fn open(&self) -> Option<MutexGuard<'_, Vec<C>>> {
        if self.is_closed() {
            return None;
        }
        let all = self.all();
        // Again, now that no close can come in between: a count that is added is found by it.
        (!self.is_closed()).then_some(all)
    }

    /// Closes every count. What has entered before stays in.
    pub(super) fn close(&self) {
        let all = self.all();
        for counted in &*all {
            counted.count().close();
        }
        // Release: the other side of `is_closed`.
        self.closed.store(true, Ordering::Release);
    }

    /// Whether it is closed and nobody is in, which then stays so.
    ///
    /// The counts are read one after the other, and yet a sum of zero is a true one: all are
    /// closed, so none of them gains anybody, but for one that is being refused (which makes the
    /// sum too large, never too small) and for clones of what is in (whose count is no zero). A
    /// count that was read as zero therefore stays at zero.
    ///
    /// Nor can the end be missed: whoever brings a closed count to zero asks here, and of two that
    /// do so at the same time, the one that gets the lock later sees the zero of both.
    pub(super) fn is_drained(&self) -> bool {
        let all = self.all();
        self.is_closed() && all.iter().all(|counted| counted.count().get() == 0)
    }
}
