//! The messages that are being processed: how many, and since when.

use graceful_runtime::Summary;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// The messages that are being processed.
#[derive(Debug, Default)]
pub(super) struct InHand {
    // A lock: a few instructions for each message, and few threads.
    began: Mutex<Began>,
}

#[derive(Debug, Default)]
struct Began {
    next: u64,
    all: BTreeMap<u64, Instant>,
}

/// One of them, until it is dropped.
pub(super) struct One<'a> {
    of: &'a InHand,
    id: u64,
}

impl InHand {
    pub(super) fn begin(&self) -> One<'_> {
        let mut began = self.lock();
        let id = began.next;
        began.next += 1;
        began.all.insert(id, Instant::now());
        One { of: self, id }
    }

    pub(super) fn len(&self) -> usize {
        self.lock().all.len()
    }

    /// `3 in flight: 3 × message (oldest 4.9 s)`.
    pub(super) fn in_words(&self) -> Option<String> {
        let began: Vec<_> = self.lock().all.values().copied().collect();
        let summary: Summary = began.into_iter().map(|began| ("message", began)).collect();
        summary.in_words()
    }

    fn lock(&self) -> MutexGuard<'_, Began> {
        // Nothing is left half done under it.
        self.began.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for One<'_> {
    fn drop(&mut self) {
        self.of.lock().all.remove(&self.id);
    }
}
