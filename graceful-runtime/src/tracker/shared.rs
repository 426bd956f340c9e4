//! What all handles of one tracker share.

use super::cache;
use super::cell::{Cell, Home};
use super::count::Count;
use super::roster::{Counted, Roster};
use super::slab::Since;
use std::panic::Location;
use std::sync::{Arc, Weak};
use tokio::sync::Notify;
use tokio::time::Instant;

pub(super) struct Shared {
    pub(super) roster: Roster<Seat>,
    pub(super) drained: Notify,
    made: Instant,
}

/// A cell, and whose it is.
#[derive(Clone)]
pub(super) struct Seat {
    pub(super) place: &'static Location<'static>,
    pub(super) cell: &'static Cell,
    /// The thread that counts here. Two that share a cell by mistake are slower, no more.
    thread: Weak<()>,
}

impl Counted for Seat {
    fn count(&self) -> &Count {
        &self.cell.count
    }
}

impl Seat {
    fn is_for(&self, thread: &Weak<()>) -> bool {
        // The cell of a thread that has ended is the next one's: threads come and go.
        self.thread.ptr_eq(thread) || self.thread.strong_count() == 0
    }
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            roster: Roster::new(),
            drained: Notify::new(),
            made: Instant::now(),
        }
    }

    /// The cell of this thread for calls at `place`; `None` once closed.
    pub(super) fn seat(
        self: &Arc<Self>,
        place: &'static Location<'static>,
    ) -> Option<&'static Cell> {
        let mut seats = self.roster.open()?;
        let thread = cache::thread();
        let found = seats
            .iter_mut()
            .find(|seat| std::ptr::eq(seat.place, place) && seat.is_for(&thread));
        if let Some(seat) = found {
            seat.thread = thread;
            return Some(seat.cell);
        }
        let home = Arc::downgrade(self);
        let cell = Cell::take(home);
        seats.push(Seat {
            place,
            cell,
            thread,
        });
        Some(cell)
    }

    pub(super) fn close(&self) {
        self.roster.close();
        self.last_left();
    }

    pub(super) fn now(&self) -> Since {
        Since::new(self.made.elapsed())
    }
}

impl Home for Shared {
    /// Wakes who waits, where nobody is in any more.
    fn last_left(&self) {
        if self.roster.is_drained() {
            self.drained.notify_waiters();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        for seat in &*self.roster.all() {
            seat.cell.abandon();
        }
    }
}
