//! The cells that a thread has used of late, so that it finds the one of a call without a lock.

use super::cell::Cell;
use std::cell::Cell as Slot;
use std::panic::Location;
use std::sync::{Arc, Weak};

/// A power of two. Together 3 kB a thread.
const SLOTS: usize = 128;

#[derive(Clone, Copy)]
struct Known {
    tracker: usize,
    place: usize,
    cell: Option<&'static Cell>,
}

const NOTHING: Known = Known {
    tracker: 0,
    place: 0,
    cell: None,
};

impl Known {
    #[inline]
    fn is(self, tracker: usize, place: usize) -> bool {
        self.tracker == tracker && self.place == place
    }
}

thread_local! {
    // Nothing in it is dropped, so it needs no registration, and works in other destructors too.
    static KNOWN: [Slot<Known>; SLOTS] = const { [const { Slot::new(NOTHING) }; SLOTS] };

    static THREAD: Arc<()> = Arc::default();
}

/// Neighbours in the program's text get different slots: a `Location` is 24 bytes.
#[inline]
fn slot(tracker: usize, place: usize) -> usize {
    (tracker ^ (place >> 3)) % SLOTS
}

/// The cell of this thread for calls at `place`. The key of a tracker is never used again, so what
/// is found for one that exists belongs to it.
#[inline]
pub(super) fn find(tracker: usize, place: &'static Location<'static>) -> Option<&'static Cell> {
    let place = std::ptr::from_ref(place).addr();
    let known = KNOWN.with(|known| known[slot(tracker, place)].get());
    known.cell.filter(|_| known.is(tracker, place))
}

/// A second look, where another call has taken the slot.
pub(super) fn find_displaced(
    tracker: usize,
    place: &'static Location<'static>,
) -> Option<&'static Cell> {
    let place = std::ptr::from_ref(place).addr();
    let known = KNOWN.with(|known| known[slot(tracker, place) ^ 1].get());
    known.cell.filter(|_| known.is(tracker, place))
}

/// What stood in the slot moves to the neighbour's, so that two calls that share one both find
/// theirs.
pub(super) fn remember(tracker: usize, place: &'static Location<'static>, cell: &'static Cell) {
    let place = std::ptr::from_ref(place).addr();
    KNOWN.with(|known| {
        let slot = slot(tracker, place);
        known[slot ^ 1].set(known[slot].get());
        known[slot].set(Known {
            tracker,
            place,
            cell: Some(cell),
        });
    });
}

/// The next call at `place` asks the tracker again.
pub(super) fn forget(tracker: usize, place: &'static Location<'static>) {
    let place = std::ptr::from_ref(place).addr();
    KNOWN.with(|known| {
        let slot = slot(tracker, place);
        for slot in [&known[slot], &known[slot ^ 1]] {
            if slot.get().is(tracker, place) {
                slot.set(NOTHING);
            }
        }
    });
}

/// Lives as long as this thread; once its destructors run, as if it had ended.
pub(super) fn thread() -> Weak<()> {
    THREAD.try_with(Arc::downgrade).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::cell::Home;
    use super::*;

    struct Nobody;

    impl Home for Nobody {
        fn last_left(&self) {}
    }

    #[test]
    fn what_is_found_is_the_cell_of_the_tracker_and_the_place() {
        // One behind the other, as the compiler lays them out.
        let places: &'static _ = Box::leak(Box::new([*Location::caller(); 2 * SLOTS]));
        let known: Vec<_> = [usize::MAX, usize::MAX - 1]
            .into_iter()
            .flat_map(|tracker| {
                let cell = move |place| (tracker, place, Cell::take(Weak::<Nobody>::new()));
                places.iter().map(cell)
            })
            .collect();
        for &(tracker, place, cell) in &known {
            remember(tracker, place, cell);
            assert!(find(tracker, place).is_some_and(|found| std::ptr::eq(found, cell)));
        }
        let mut found = 0;
        for &(tracker, place, cell) in &known {
            for hit in [find(tracker, place), find_displaced(tracker, place)] {
                found += usize::from(hit.is_some());
                assert!(hit.is_none_or(|hit| std::ptr::eq(hit, cell)));
            }
            forget(tracker, place);
            assert!(find(tracker, place).is_none());
            assert!(find_displaced(tracker, place).is_none());
        }
        assert!(found > SLOTS / 2, "{found}");
    }
}
