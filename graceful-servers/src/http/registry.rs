//! What is open: entries that come and go, until no more come and all have gone.

use slab::Slab;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

pub(super) struct Registry<T> {
    // A mutex: taken when an entry comes and when it goes.
    entries: Mutex<Entries<T>>,
    ended: Notify,
}

struct Entries<T> {
    /// More may come.
    is_open: bool,
    all: Slab<Arc<T>>,
}

impl<T> Registry<T> {
    pub(super) fn new() -> Self {
        Self {
            entries: Mutex::new(Entries {
                is_open: true,
                all: Slab::new(),
            }),
            ended: Notify::new(),
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries<T>> {
        // No user code runs under the lock, so a poisoned list is a whole one.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more, made with the key that it is removed by.
    pub(super) fn insert(&self, make: impl FnOnce(usize) -> T) -> Arc<T> {
        let mut entries = self.entries();
        let vacant = entries.all.vacant_entry();
        let entry = Arc::new(make(vacant.key()));
        vacant.insert(entry.clone());
        entry
    }

    pub(super) fn remove(&self, key: usize) {
        let mut entries = self.entries();
        let entry = entries.all.remove(key);
        self.tell_if_ended(entries);
        drop(entry);
    }

    /// No more come.
    pub(super) fn close(&self) {
        let mut entries = self.entries();
        entries.is_open = false;
        self.tell_if_ended(entries);
    }

    fn tell_if_ended(&self, entries: MutexGuard<'_, Entries<T>>) {
        let has_ended = entries.has_ended();
        drop(entries);
        if has_ended {
            self.ended.notify_waiters();
        }
    }

    /// Resolves once nothing is left, nor will come.
    pub(super) async fn ended(&self) {
        // Before the look: an end that comes between the two is not missed.
        let ended = self.ended.notified();
        if !self.has_ended() {
            ended.await;
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.entries().has_ended()
    }

    /// A copy, so that looking at them holds up nobody.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        let entries = self.entries();
        entries.all.iter().map(|(_, entry)| entry.clone()).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.entries().all.len()
    }
}

impl<T> Entries<T> {
    fn has_ended(&self) -> bool {
        !self.is_open && self.all.is_empty()
    }
}
