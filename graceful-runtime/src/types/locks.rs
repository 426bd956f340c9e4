//! Locks, and what is taken out of them to be closed.

use crate::shutdown::Shutdown;
use std::sync::PoisonError;

/// A lock that what it holds can be taken out of.
pub trait Lock: Sync {
    /// What it holds.
    type Value: Shutdown + Default;

    /// Leaves the default in its place.
    fn take(&self) -> impl Future<Output = Self::Value> + Send;
}

impl<S: Shutdown + Default> Lock for std::sync::Mutex<S> {
    type Value = S;

    async fn take(&self) -> S {
        std::mem::take(&mut *self.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Shutdown + Default + Sync> Lock for std::sync::RwLock<S> {
    type Value = S;

    async fn take(&self) -> S {
        std::mem::take(&mut *self.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Shutdown + Default> Lock for tokio::sync::Mutex<S> {
    type Value = S;

    async fn take(&self) -> S {
        std::mem::take(&mut *self.lock().await)
    }
}

impl<S: Shutdown + Default + Sync> Lock for tokio::sync::RwLock<S> {
    type Value = S;

    async fn take(&self) -> S {
        std::mem::take(&mut *self.write().await)
    }
}
