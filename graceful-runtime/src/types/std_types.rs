//! The standard library's own.

use super::closed_by_drop;
use crate::context::Context;
use crate::exit_payload::is_exit;
use crate::outcome::{IntoOutcome, Result, caught};
use crate::plan::Plan;
use crate::shutdown::{Close, Shutdown, Watch};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};

/// Joined: the step's thread waits for it.
impl<T: IntoOutcome + Send + 'static> Shutdown for std::thread::JoinHandle<T> {
    async fn shutdown(self, _cx: Context) -> Result {
        match self.join() {
            Ok(returned) => returned.into_outcome(),
            Err(payload) if is_exit(&*payload) => Ok(()),
            Err(payload) => Err(format!("the thread panicked: {}", caught(payload)).into()),
        }
    }
}

/// What it holds; a poisoned one is closed all the same.
impl<S: Shutdown> Shutdown for Mutex<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let value = self.into_inner().unwrap_or_else(PoisonError::into_inner);
        value.__graceful_close(watch)
    }
}

/// What it holds; a poisoned one is closed all the same.
impl<S: Shutdown + Sync> Shutdown for RwLock<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let value = self.into_inner().unwrap_or_else(PoisonError::into_inner);
        value.__graceful_close(watch)
    }
}

/// Nothing to close where it was never set.
impl<S: Shutdown> Shutdown for OnceLock<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        self.into_inner().__graceful_close(watch)
    }
}

closed_by_drop! {
    /// Dropped: the receiver sees the end once the last sender is gone.
    (T) std::sync::mpsc::Sender<T>;
    /// Dropped: the receiver sees the end once the last sender is gone.
    (T) std::sync::mpsc::SyncSender<T>;
}
