//! The tasks that were spawned at one place by one thread: since when each runs, and how to stop it.

use std::time::Duration;
use tokio::task::AbortHandle;

/// A chunk is as long as one look at the slab holds its lock.
const CHUNK: usize = 256;

const NONE: u32 = u32::MAX;

/// In chunks: growing moves nothing, and a million tasks take what they need, not the next power of
/// two.
pub(super) struct Slab {
    chunks: Vec<Box<[Entry; CHUNK]>>,
    /// The first vacant entry below `unused`.
    vacant: u32,
    /// The first entry that was never taken.
    unused: u32,
    taken: u32,
    aborted: bool,
}

/// 16 bytes: the place is that of the whole slab.
enum Entry {
    Vacant {
        next: u32,
    },
    Task {
        since: Since,
        abort: Option<AbortHandle>,
    },
    /// The task has ended before its handle came.
    Ended,
}

/// A moment in tenths of a second since the tracker was made: 13 years in four bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since(u32);

impl Since {
    pub(super) fn new(elapsed: Duration) -> Self {
        Self(u32::try_from(elapsed.as_millis() / 100).unwrap_or(u32::MAX))
    }

    pub(super) fn elapsed(self) -> Duration {
        Duration::from_millis(100 * u64::from(self.0))
    }
}

impl Slab {
    pub(super) const EMPTY: Self = Self {
        chunks: Vec::new(),
        vacant: NONE,
        unused: 0,
        taken: 0,
        aborted: false,
    };

    fn entry(&mut self, index: u32) -> &mut Entry {
        let index = index as usize;
        &mut self.chunks[index / CHUNK][index % CHUNK]
    }

    /// Takes an entry. It becomes vacant once [`attach`](Slab::attach) and [`end`](Slab::end) have
    /// both been called, in whichever order.
    pub(super) fn begin(&mut self, since: Since) -> u32 {
        let index = self.vacant().unwrap_or_else(|| self.unused());
        *self.entry(index) = Entry::Task { since, abort: None };
        self.taken += 1;
        index
    }

    fn vacant(&mut self) -> Option<u32> {
        let index = self.vacant;
        if index == NONE {
            return None;
        }
        if let Entry::Vacant { next } = *self.entry(index) {
            self.vacant = next;
        }
        Some(index)
    }

    fn unused(&mut self) -> u32 {
        if self.unused as usize == self.chunks.len() * CHUNK {
            let chunk = [const { Entry::Vacant { next: NONE } }; CHUNK];
            self.chunks.push(Box::new(chunk));
        }
        self.unused += 1;
        self.unused - 1
    }

    /// Notes how to stop the task. The handle comes back where that is to be done at once.
    pub(super) fn attach(&mut self, index: u32, handle: AbortHandle) -> Option<AbortHandle> {
        let aborted = self.aborted;
        match self.entry(index) {
            Entry::Task { abort, .. } => {
                let at_once = aborted.then(|| handle.clone());
                *abort = Some(handle);
                at_once
            }
            Entry::Ended | Entry::Vacant { .. } => {
                self.vacate(index);
                None
            }
        }
    }

    /// The task has ended. Its handle comes back, to be dropped without a lock held.
    pub(super) fn end(&mut self, index: u32) -> Option<AbortHandle> {
        match std::mem::replace(self.entry(index), Entry::Ended) {
            Entry::Task {
                abort: Some(handle),
                ..
            } => {
                self.vacate(index);
                Some(handle)
            }
            _ => None,
        }
    }

    fn vacate(&mut self, index: u32) {
        *self.entry(index) = Entry::Vacant { next: self.vacant };
        self.vacant = index;
        self.taken -= 1;
        if self.taken == 0 {
            // One chunk stays, so that a task now and then allocates nothing.
            self.chunks.truncate(1);
            self.vacant = NONE;
            self.unused = 0;
        }
    }

    /// The tasks of a chunk, and how to abort each; `None` behind the last chunk.
    pub(super) fn tasks(
        &self,
        chunk: usize,
    ) -> Option<impl Iterator<Item = (Since, Option<&AbortHandle>)>> {
        let entries = self.chunks.get(chunk)?;
        Some(entries.iter().filter_map(|entry| match entry {
            Entry::Task { since, abort } => Some((*since, abort.as_ref())),
            Entry::Vacant { .. } | Entry::Ended => None,
        }))
    }

    /// What is attached from now on comes back.
    pub(super) fn abort_at_once(&mut self) {
        self.aborted = true;
    }
}
