//! What has become of the messages.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// What has become of the messages that a consumer took: a snapshot.
///
/// Its `Display` is the note of the consumer's step in the report: `processed 10,000, handed back 3, unknown 0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Processed, and acknowledged.
    pub processed: u64,
    /// Not processed after the attempts that they had, stored elsewhere, and acknowledged.
    pub dead_lettered: u64,
    /// Not processed, and given back to be delivered again.
    pub handed_back: u64,
    /// Nobody knows: cut in the middle, or processed but the acknowledgement did not arrive, or handing it back did
    /// not work. Brokers deliver them again.
    pub unknown: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "processed {}", self.processed)?;
        if self.dead_lettered > 0 {
            write!(f, ", dead-lettered {}", self.dead_lettered)?;
        }
        write!(
            f,
            ", handed back {}, unknown {}",
            self.handed_back, self.unknown
        )
    }
}

/// The same while they change.
// Relaxed throughout: each is a number of its own, and whoever needs them final has waited for the tasks that count.
#[derive(Debug, Default)]
pub(super) struct Counters {
    processed: AtomicU64,
    dead_lettered: AtomicU64,
    handed_back: AtomicU64,
    unknown: AtomicU64,
}

impl Counters {
    pub(super) fn processed(&self) {
        self.processed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dead_lettered(&self) {
        self.dead_lettered.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn handed_back(&self, count: usize) {
        self.handed_back.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn unknown(&self) {
        self.unknown.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> Counts {
        Counts {
            processed: self.processed.load(Ordering::Relaxed),
            dead_lettered: self.dead_lettered.load(Ordering::Relaxed),
            handed_back: self.handed_back.load(Ordering::Relaxed),
            unknown: self.unknown.load(Ordering::Relaxed),
        }
    }
}
