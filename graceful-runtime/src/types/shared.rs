//! Values that others hold too: an `Arc`, and what may stand in one.

use crate::{Context, Plan, Result, SharedShutdown, Shutdown};
use std::sync::{Arc, OnceLock, PoisonError};
use tokio::sync::{OnceCell, broadcast, mpsc, watch};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

/// Closed though others hold it.
impl<S: SharedShutdown + Sync> Shutdown for Arc<S> {
    const PLAN: Plan = S::PLAN;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.shutdown_shared(cx)
    }
}

macro_rules! by_clone {
    ($($(#[$cfg:meta])* [$($bounds:tt)*] $ty:ty;)*) => {$(
        /// A clone is closed.
        $(#[$cfg])*
        impl<$($bounds)*> SharedShutdown for $ty {
            fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
                Arc::unwrap_or_clone(self).shutdown(cx)
            }
        }
    )*};
}

by_clone! {
    [S: SharedShutdown + Sync] Arc<S>;
    [S: Shutdown + Clone] Option<S>;
    [S: Shutdown + Clone] Vec<S>;
    [S: Shutdown + Clone] Box<S>;
    [S: Shutdown + Clone] OnceLock<S>;
    [S: Shutdown + Clone] OnceCell<S>;
    [T: Send + 'static] mpsc::Sender<T>;
    [T: Send + 'static] mpsc::UnboundedSender<T>;
    [T: Send + 'static] broadcast::Sender<T>;
    [T: Send + Sync + 'static] watch::Sender<T>;
    [] CancellationToken;
    [] AbortHandle;
    #[cfg(feature = "task-tracker")]
    [] tokio_util::task::TaskTracker;
}

/// What it holds is taken out, and its default left in its place: `None`, an empty set or list.
impl<S: Shutdown + Default> SharedShutdown for std::sync::Mutex<S> {
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
        let value = std::mem::take(&mut *self.lock().unwrap_or_else(PoisonError::into_inner));
        value.shutdown(cx)
    }
}

/// What it holds is taken out, and its default left in its place: `None`, an empty set or list.
impl<S: Shutdown + Default + Sync> SharedShutdown for std::sync::RwLock<S> {
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
        let value = std::mem::take(&mut *self.write().unwrap_or_else(PoisonError::into_inner));
        value.shutdown(cx)
    }
}

/// What it holds is taken out, and its default left in its place: `None`, an empty set or list.
impl<S: Shutdown + Default> SharedShutdown for tokio::sync::Mutex<S> {
    async fn shutdown_shared(self: Arc<Self>, cx: Context) -> Result {
        let value = std::mem::take(&mut *self.lock().await);
        value.shutdown(cx).await
    }
}

/// What it holds is taken out, and its default left in its place: `None`, an empty set or list.
impl<S: Shutdown + Default + Sync> SharedShutdown for tokio::sync::RwLock<S> {
    async fn shutdown_shared(self: Arc<Self>, cx: Context) -> Result {
        let value = std::mem::take(&mut *self.write().await);
        value.shutdown(cx).await
    }
}
