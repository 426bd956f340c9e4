//! What all handles of one tracker share.

use super::cache;
use super::cell::{Cell, Home};
use super::count::Count;
use super::shards::{Counted, Shards};
use super::slab::Since;
use std::panic::Location;
use std::sync::{Arc, Weak};
use tokio::sync::Notify;
use tokio::time::Instant;

pub(super) struct Shared {
    pub(super) shards: Shards<Shard>,
    pub(super) drained: Notify,
    made: Instant,
}

/// A cell, and whose it is.
#[derive(Clone)]
pub(super) struct Shard {
    pub(super) place: &'static Location<'static>,
    pub(super) cell: &'static Cell,
    /// The thread that counts here. Two that share a cell by mistake are slower, no more.
    thread: Weak<()>,
}

impl Counted for Shard {
    fn count(&self) -> &Count {
        &self.cell.count
    }
}

impl Shard {
    fn is_for(&self, thread: &Weak<()>) -> bool {
        // The cell of a thread that has ended is the next one's: threads come and go.
        self.thread.ptr_eq(thread) || self.thread.strong_count() == 0
    }
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            shards: Shards::new(),
            drained: Notify::new(),
            made: Instant::now(),
        }
    }

    /// The cell of this thread for calls at `place`; `None` once closed.
    pub(super) fn shard(
        self: &Arc<Self>,
        place: &'static Location<'static>,
    ) -> Option<&'static Cell> {
        let mut shards = self.shards.open()?;
        let thread = cache::thread();
        let found = shards
            .iter_mut()
            .find(|shard| std::ptr::eq(shard.place, place) && shard.is_for(&thread));
        if let Some(shard) = found {
            shard.thread = thread;
            return Some(shard.cell);
        }
        let home = Arc::downgrade(self);
        let cell = Cell::take(home);
        shards.push(Shard {
            place,
            cell,
            thread,
        });
        Some(cell)
    }

    pub(super) fn close(&self) {
        self.shards.close();
        self.last_left();
    }

    pub(super) fn now(&self) -> Since {
        Since::new(self.made.elapsed())
    }
}

impl Home for Shared {
    /// Wakes who waits, where nobody is in any more.
    fn last_left(&self) {
        if self.shards.is_drained() {
            self.drained.notify_waiters();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        for shard in &*self.shards.all() {
            shard.cell.abandon();
        }
    }
}
