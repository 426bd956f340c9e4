//! The entries that this process has, and that nobody else may take over.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub(super) struct InHand {
    // A lock: a few instructions for each entry.
    ids: Mutex<HashSet<String>>,
}

impl InHand {
    /// False where it is in hand already.
    pub(super) fn take(&self, id: &str) -> bool {
        self.ids().insert(id.to_owned())
    }

    pub(super) fn release(&self, id: &str) {
        self.ids().remove(id);
    }

    pub(super) fn all(&self) -> Vec<String> {
        self.ids().iter().cloned().collect()
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<String>> {
        // Nothing is left half done under it.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
