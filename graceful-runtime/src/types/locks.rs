//! Locks, and what is taken out of them to be closed.

use crate::context::Context;
use crate::shutdown::Shutdown;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::PoisonError;

/// A lock that what it holds can be taken out of.
pub trait Lock: Sync {
    /// What it holds.
    type Value: Shutdown + Default;

    /// Leaves the default in its place.
    fn take(&self) -> impl Future<Output = Self::Value> + Send;
}

/// Takes out what is to be closed. Where somebody else has the lock, the step says what it waits for.
pub(crate) async fn take_out<L: Lock + ?Sized>(lock: &L, cx: &Context) -> L::Value {
    let mut taken = pin!(lock.take());
    let mut has_waited = false;
    let value = poll_fn(|task| {
        let polled = taken.as_mut().poll(task);
        if polled.is_pending() {
            has_waited = true;
            cx.progress("waits for its lock");
        }
        polled
    })
    .await;
    if has_waited {
        cx.progress("has its lock");
    }
    value
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
