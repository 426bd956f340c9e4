//! tokio's channels, locks and tokens.

use super::{ClosedByDrop, closed_by_drop};
use crate::context::Context;
use crate::outcome::Result;
use crate::plan::Plan;
use crate::shutdown::{Close, Shutdown, Watch};
use tokio::sync::{Mutex, OnceCell, RwLock, broadcast, mpsc, oneshot, watch};

closed_by_drop! {
    /// Dropped: the receiver sees the end once the last sender is gone.
    (T) mpsc::Sender<T>;
    /// Dropped: the receiver sees the end once the last sender is gone.
    (T) mpsc::UnboundedSender<T>;
    /// Dropped: the receivers see the end once the last sender is gone.
    (T) broadcast::Sender<T>;
    /// Dropped: the receiver sees that nothing will come.
    (T) oneshot::Sender<T>;
}

/// Dropped: the receivers see the end once the last sender is gone.
impl<T: Send + Sync + 'static> Shutdown for watch::Sender<T> {
    async fn shutdown(self, _cx: Context) -> Result {
        drop(self);
        Ok(())
    }
}

impl<T> ClosedByDrop for watch::Sender<T> {}

/// What it holds.
impl<S: Shutdown> Shutdown for Mutex<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        self.into_inner().__graceful_close(watch)
    }
}

/// What it holds.
impl<S: Shutdown + Sync> Shutdown for RwLock<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        self.into_inner().__graceful_close(watch)
    }
}

/// Nothing to close where it was never set.
impl<S: Shutdown> Shutdown for OnceCell<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        self.into_inner().__graceful_close(watch)
    }
}
