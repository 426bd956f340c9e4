//! A map.

use crate::store::User;
use graceful::Context;
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    // A lock for a moment: nobody waits while holding it.
    users: Arc<Mutex<HashMap<i64, User>>>,
}

impl Cache {
    #[expect(clippy::unused_async, reason = "as the other cache")]
    pub(crate) async fn connect() -> anyhow::Result<Self> {
        Ok(Self::default())
    }

    #[expect(clippy::unused_async, reason = "as the other cache")]
    pub(crate) async fn user(&self, id: i64) -> Option<User> {
        self.users().get(&id).cloned()
    }

    #[expect(clippy::unused_async, reason = "as the other cache")]
    pub(crate) async fn keep(&self, user: &User) {
        self.users().insert(user.id, user.clone());
    }

    /// There is nothing to close.
    #[expect(clippy::unused_self, reason = "as the other cache")]
    pub(crate) fn close(self, _cx: Context) -> Ready<()> {
        ready(())
    }

    fn users(&self) -> MutexGuard<'_, HashMap<i64, User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
