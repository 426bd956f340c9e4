//! All the counts of one tracker: closing them, and the moment at which nobody is in any more.

use super::count::Count;
use super::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};
use std::sync::PoisonError;

/// Something with a count.
pub(super) trait Counted {
    fn count(&self) -> &Count;
}

pub(super) struct Shards<C> {
    // Changed under the lock only; beside it, so that being refused takes no lock.
    standing: AtomicUsize,
    // A mutex: taken when a thread meets a call site for the first time, and at the end.
    all: Mutex<Vec<C>>,
}

/// How a tracker stands: what it goes through, in this order.
const OPEN: usize = 0;
const CLOSED: usize = 1;
const DRAINED: usize = 2;

impl<C: Counted> Shards<C> {
    pub(super) fn new() -> Self {
        Self {
            standing: AtomicUsize::new(OPEN),
            all: Mutex::new(Vec::new()),
        }
    }

    fn standing(&self) -> usize {
        // Acquire: who is refused sees what was written before the close.
        self.standing.load(Ordering::Acquire)
    }

    fn advance(&self, standing: usize) {
        // Release: the other side of `standing`. Callers hold the lock, so it is no race.
        self.standing.store(standing, Ordering::Release);
    }

    pub(super) fn all(&self) -> MutexGuard<'_, Vec<C>> {
        // No user code runs under the lock, so a poisoned list is a whole one.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.standing() != OPEN
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
        if self.is_closed() {
            return;
        }
        for counted in &*all {
            counted.count().close();
        }
        self.advance(CLOSED);
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
        if self.standing() == CLOSED && all.iter().all(|counted| counted.count().get() == 0) {
            self.advance(DRAINED);
        }
        self.standing() == DRAINED
    }

    /// What is in; nothing once drained, where only refusals come and go.
    pub(super) fn left(&self) -> Vec<C>
    where
        C: Clone,
    {
        let all = self.all();
        match self.standing() {
            DRAINED => Vec::new(),
            _ => all.clone(),
        }
    }
}
