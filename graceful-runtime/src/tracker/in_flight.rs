//! What is left, as data and as text.

use crate::words::{Age, Listing};
use std::cmp::Ordering;
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
pub(super) fn by_place(mut places: Vec<InFlight>) -> Vec<InFlight> {
    sort(&mut places, |a, b| a.place.cmp(b.place));
    places.dedup_by(|again, place| {
        let same = again.place == place.place;
        if same {
            place.count += again.count;
            place.oldest = place.oldest.max(again.oldest);
        }
        same
    });
    sort(&mut places, |a, b| {
        b.count.cmp(&a.count).then_with(|| a.place.cmp(b.place))
    });
    places
}

/// By a pointer, so that there is one sort in the program for both orders.
fn sort(places: &mut [InFlight], order: fn(&InFlight, &InFlight) -> Ordering) {
    places.sort_unstable_by(order);
}

/// `3 in flight: 2 × src/jobs.rs:88 (oldest 42 s), 1 × src/mail.rs:12`
pub(super) fn summary(left: &[InFlight]) -> String {
    let mut total = 0;
    for place in left {
        total += place.count;
    }
    format!("{total} in flight: {}", Listing(left, ["place", "places"]))
}
