//! Who an account belongs to: asked of the database once, then kept. There is nothing to close here.

use crate::store::Store;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
pub(crate) struct Accounts {
    store: Store,
    // A lock for a moment: nobody waits while holding it.
    known: Arc<Mutex<HashMap<i64, String>>>,
}

impl Accounts {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            known: Arc::default(),
        }
    }

    pub(crate) async fn owner(&self, account: i64) -> sqlx::Result<String> {
        let known = self.known().get(&account).cloned();
        if let Some(owner) = known {
            return Ok(owner);
        }
        let owner = self.store.owner(account).await?;
        self.known().insert(account, owner.clone());
        Ok(owner)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<i64, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
