//! How many are in, in one word: entering decides in the same instruction whether it is refused.

use super::sync::{AtomicUsize, Ordering};

/// Nobody enters any more. The topmost bit, so that one look at the sign finds it.
const CLOSED: usize = 1 << (usize::BITS - 1);

/// The tracker is gone: the last to leave disposes of the cell.
const GONE: usize = CLOSED >> 1;

const COUNT: usize = GONE - 1;

pub(super) struct Count(AtomicUsize);

/// What is to be done by one that has left.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    /// It was the last one of a closed count: somebody may wait for that.
    Last,
    /// It was the last one, and nobody else knows the count any more.
    LastOfGone,
}

impl Count {
    pub(super) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Counts one more. Where the answer is `false` it is refused, and has to [`leave`] at once.
    ///
    /// [`leave`]: Count::leave
    #[inline]
    pub(super) fn enter(&self) -> bool {
        // Acquire: who is refused sees what was written before the close. The count alone would
        // need no order.
        self.0.fetch_add(1, Ordering::Acquire) & CLOSED == 0
    }

    /// Counts one more beside one that is in, which holds a closed count open too.
    #[inline]
    pub(super) fn enter_beside(&self) {
        // Relaxed: who is in keeps the count from becoming zero, and no decision hangs on it.
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn leave(&self) -> Left {
        // Release: who reads the zero sees all that was done inside.
        let was = self.0.fetch_sub(1, Ordering::Release);
        if was & CLOSED == 0 {
            return Left::Nothing;
        }
        match was & !CLOSED {
            1 => Left::Last,
            // Exact, since every change of the word is one instruction: either `abandon` found a
            // zero or exactly one comes past here. Nobody enters what is gone.
            was if was == GONE | 1 => Left::LastOfGone,
            _ => Left::Nothing,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        // Acquire: as in `enter`.
        self.0.load(Ordering::Acquire) & CLOSED != 0
    }

    /// How many are in, those included that are being refused at this moment.
    pub(super) fn get(&self) -> usize {
        // Acquire: the other side of `leave`. Increments in between keep up the chain, since each
        // is a read-modify-write.
        self.0.load(Ordering::Acquire) & COUNT
    }

    pub(super) fn close(&self) {
        // Release: the other side of `enter`.
        self.0.fetch_or(CLOSED, Ordering::Release);
    }

    /// Says that nobody can enter any more, since nobody knows of it. `true` where nobody is in:
    /// the caller disposes of it.
    pub(super) fn abandon(&self) -> bool {
        // Relaxed: that exactly one disposes lies in the word alone, and what is disposed of has
        // locks of its own.
        self.0.fetch_or(CLOSED | GONE, Ordering::Relaxed) & COUNT == 0
    }

    /// Begins anew. Only whoever was told to dispose of it may say so.
    pub(super) fn reopen(&self) {
        // Relaxed: the pool's lock hands the cell on.
        self.0.store(0, Ordering::Relaxed);
    }
}
