//! How far the service has come: all events up to a number are done.

use crate::store::Store;
use graceful::Context;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
pub(crate) struct Checkpoint {
    store: Store,
    // A lock for a moment: nobody waits while holding it.
    progress: Arc<Mutex<Progress>>,
}

struct Progress {
    /// Everything up to here is done,
    reached: u64,
    /// and these beyond it: several events are in hand at a time.
    ahead: BTreeSet<u64>,
}

impl Checkpoint {
    pub(crate) async fn load(store: Store) -> sqlx::Result<Self> {
        let progress = Progress {
            reached: store.checkpoint().await?,
            ahead: BTreeSet::new(),
        };
        Ok(Self {
            store,
            progress: Arc::new(Mutex::new(progress)),
        })
    }

    pub(crate) fn reached(&self) -> u64 {
        self.progress().reached
    }

    pub(crate) fn reach(&self, number: u64) {
        let mut progress = self.progress();
        progress.ahead.insert(number);
        while progress.ahead.first() == Some(&(progress.reached + 1)) {
            progress.ahead.pop_first();
            progress.reached += 1;
        }
    }

    pub(crate) async fn save(self, cx: Context) -> sqlx::Result<()> {
        let reached = self.reached();
        self.store.set_checkpoint(reached).await?;
        cx.note(format!("all events up to {reached} are done"));
        Ok(())
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
