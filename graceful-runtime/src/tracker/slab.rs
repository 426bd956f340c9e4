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
    /// Entries that are not vacant.
    taken: u32,
    /// Tasks that have not ended.
    running: u32,
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
        let tenths = 10 * elapsed.as_secs() + u64::from(elapsed.subsec_millis() / 100);
        Self(u32::try_from(tenths).unwrap_or(u32::MAX))
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
        running: 0,
        aborted: false,
    };

    pub(super) fn running(&self) -> usize {
        self.running as usize
    }

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
        self.running += 1;
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

    /// Notes how to stop the task, if it is known. The handle comes back where it is to be stopped
    /// at once.
    pub(super) fn attach(
        &mut self,
        index: u32,
        handle: Option<AbortHandle>,
    ) -> Option<AbortHandle> {
        let aborted = self.aborted;
        match self.entry(index) {
            Entry::Task { abort, .. } => {
                *abort = handle;
                abort.as_ref().filter(|_| aborted).cloned()
            }
            Entry::Ended | Entry::Vacant { .. } => {
                self.vacate(index);
                None
            }
        }
    }

    /// The task has ended. Its handle comes back, to be dropped without a lock held.
    pub(super) fn end(&mut self, index: u32) -> Option<AbortHandle> {
        self.running -= 1;
        let entry = std::mem::replace(self.entry(index), Entry::Ended);
        if let Entry::Task {
            abort: Some(handle),
            ..
        } = entry
        {
            self.vacate(index);
            return Some(handle);
        }
        None
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

    /// Shows the tasks of a chunk, and how to abort each; `false` behind the last chunk.
    pub(super) fn show(
        &self,
        chunk: usize,
        to: &mut dyn FnMut(Since, Option<&AbortHandle>),
    ) -> bool {
        let Some(entries) = self.chunks.get(chunk) else {
            return false;
        };
        for entry in &**entries {
            if let Entry::Task { since, abort } = entry {
                to(*since, abort.as_ref());
            }
        }
        true
    }

    /// What is attached from now on comes back.
    pub(super) fn abort_at_once(&mut self) {
        self.aborted = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE: Since = Since(7);

    fn handle() -> AbortHandle {
        tokio::spawn(std::future::pending::<()>()).abort_handle()
    }

    #[tokio::test]
    async fn a_burst_leaves_one_chunk() {
        let (mut slab, handle) = (Slab::EMPTY, handle());
        for _ in 0..2 {
            let burst: Vec<_> = (0..1000).map(|_| slab.begin(SINCE)).collect();
            assert_eq!(slab.chunks.len(), 4);
            for &task in &burst {
                assert!(slab.attach(task, Some(handle.clone())).is_none());
            }
            for task in burst {
                assert!(slab.end(task).is_some());
            }
            assert_eq!((slab.running(), slab.chunks.len()), (0, 1));
        }
    }

    #[tokio::test]
    async fn an_entry_is_used_again_once_ended_and_attached() {
        let (mut slab, handle) = (Slab::EMPTY, handle());
        let (early, late) = (slab.begin(SINCE), slab.begin(SINCE));
        // It has ended before its handle came.
        assert!(slab.end(early).is_none());
        assert_eq!(slab.running(), 1);
        assert_ne!(slab.begin(SINCE), early);
        assert!(slab.attach(early, Some(handle.clone())).is_none());
        assert_eq!(slab.begin(SINCE), early);
        assert!(slab.attach(late, Some(handle)).is_none());
        assert!(slab.end(late).is_some());
        assert_eq!(slab.begin(SINCE), late);
        let mut tasks = 0;
        assert!(slab.show(0, &mut |_, _| tasks += 1));
        assert!(!slab.show(1, &mut |_, _| tasks += 1));
        assert_eq!(tasks, 3);
    }

    #[tokio::test]
    async fn what_is_spawned_too_late_is_stopped_at_once() {
        let (mut slab, handle) = (Slab::EMPTY, handle());
        let task = slab.begin(SINCE);
        slab.abort_at_once();
        assert!(slab.attach(task, Some(handle)).is_some());
    }
}
