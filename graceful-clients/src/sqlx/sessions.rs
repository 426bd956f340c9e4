//! The sessions that a pool has in its server.

use super::server::Server;
use sqlx::pool::PoolOptions;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// From here on those that are no more are looked for: a pool replaces its connections every half an hour.
const MANY: usize = 128;

/// What sessions a pool has, or has had.
pub(super) struct Sessions<DB> {
    // A mutex: it is locked once for each new connection, and at the close.
    ids: Arc<Mutex<Vec<String>>>,
    of: PhantomData<fn() -> DB>,
}

impl<DB: Server> Sessions<DB> {
    /// Knows of each connection of the pool.
    pub(super) fn record_in(&self, options: PoolOptions<DB>) -> PoolOptions<DB> {
        let sessions = self.clone();
        options.after_connect(move |connection, _| {
            let sessions = sessions.clone();
            Box::pin(async move { sessions.record(connection).await })
        })
    }

    async fn record(&self, connection: &mut DB::Connection) -> sqlx::Result<()> {
        let id = DB::id(connection).await?;
        if self.ids().len() >= MANY {
            self.forget_those_that_have_ended(connection).await?;
        }
        self.ids().push(id);
        Ok(())
    }

    async fn forget_those_that_have_ended(
        &self,
        connection: &mut DB::Connection,
    ) -> sqlx::Result<()> {
        let asked = self.all();
        let left = DB::left(connection, &asked).await?;
        self.ids()
            .retain(|id| !asked.contains(id) || left.iter().any(|session| session.id == *id));
        Ok(())
    }

    /// Each that it has, and some that have ended.
    pub(super) fn all(&self) -> Vec<String> {
        self.ids().clone()
    }

    fn ids(&self) -> MutexGuard<'_, Vec<String>> {
        // Each change is whole, so a poisoned list is too.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB> Default for Sessions<DB> {
    fn default() -> Self {
        Self {
            ids: Arc::default(),
            of: PhantomData,
        }
    }
}

impl<DB> Clone for Sessions<DB> {
    fn clone(&self) -> Self {
        Self {
            ids: self.ids.clone(),
            of: PhantomData,
        }
    }
}
