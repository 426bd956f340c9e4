//! The phase of a lifecycle, which only goes forward.

use super::sync::{AtomicU8, Ordering};
use crate::phase::Phase;

pub(super) struct Phases(AtomicU8);

impl Phases {
    pub(super) fn new() -> Self {
        Self(AtomicU8::new(Phase::Starting as u8))
    }

    pub(super) fn now(&self) -> Phase {
        // Acquire, with the release below: whoever sees a phase sees what was settled before it,
        // the deadline first of all.
        Phase::from_number(self.0.load(Ordering::Acquire))
    }

    /// Goes on to `next`, or stays where that has been left behind.
    pub(super) fn enter(&self, next: Phase) {
        // A release is enough for those that follow too: a read-modify-write goes on with the
        // release of the phase before it.
        self.0.fetch_max(next as u8, Ordering::Release);
    }
}
