//! What is left, as data and as text.

use crate::format::{Age, Listing};
use std::cmp::Reverse;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

/// The work in flight that was begun at one place: [`Tracker::left`](crate::Tracker::left).
///
/// Displayed as `2 × src/jobs.rs:88 (oldest 42 s)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InFlight {
    /// The line that called [`spawn`](crate::Tracker::spawn) or [`guard`](crate::Tracker::guard).
    pub place: &'static Location<'static>,
    /// How many guards and tasks of that place there are.
    pub count: usize,
    /// How long ago the oldest task was spawned, to a tenth of a second. `None` where all are
    /// guards, which know no time.
    pub oldest: Option<Duration>,
}

impl fmt::Display for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, count, .. } = self;
        write!(f, "{count} × {}:{}", place.file(), place.line())?;
        match self.oldest {
            Some(oldest) => write!(f, " (oldest {})", Age(oldest)),
            None => Ok(()),
        }
    }
}

/// One line a place, the most first.
pub(super) fn by_place(all: Vec<InFlight>) -> Vec<InFlight> {
    // Searched, and sorted by insertion: places are lines of the program, and std's sort is 2 % of what a build of
    // this crate has to compile.
    let mut places: Vec<InFlight> = Vec::new();
    for one in all {
        match places.iter_mut().find(|place| place.place == one.place) {
            Some(place) => {
                place.count += one.count;
                place.oldest = place.oldest.max(one.oldest);
            }
            None => places.push(one),
        }
    }
    let mut sorted: Vec<InFlight> = Vec::with_capacity(places.len());
    for place in places {
        let rank = |place: &InFlight| (Reverse(place.count), place.place);
        let behind = sorted.iter().position(|other| rank(other) > rank(&place));
        sorted.insert(behind.unwrap_or(sorted.len()), place);
    }
    sorted
}

/// `3 in flight: 2 × src/jobs.rs:88 (oldest 42 s), 1 × src/mail.rs:12`
pub(super) fn summary(left: &[InFlight]) -> String {
    let mut total = 0;
    for place in left {
        total += place.count;
    }
    format!("{total} in flight: {}", Listing(left, ["place", "places"]))
}
