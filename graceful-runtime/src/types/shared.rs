//! Values that others hold too: an `Arc`, and what may stand in one.

use super::take_out;
use crate::context::Context;
use crate::outcome::Result;
use crate::plan::Plan;
use crate::shutdown::{Close, SharedShutdown, Shutdown, Watch, close_of_clone};
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use tokio::sync::{OnceCell, broadcast, mpsc, watch};
use tokio::task::AbortHandle;

/// Closed though others hold it.
impl<S: SharedShutdown + Sync> Shutdown for Arc<S> {
    const PLAN: Plan = {
        let () = S::PROOF;
        S::PLAN
    };
    const __GRACEFUL_NESTED: &'static Plan = {
        let () = S::PROOF;
        S::__GRACEFUL_NESTED
    };

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.shutdown_shared(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let close = S::__graceful_close_shared(&self, watch);
        close.unwrap_or_else(|| Close::new(|cx| self.shutdown_shared(cx)))
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

            fn __graceful_close_shared(self: &Arc<Self>, watch: Option<&Watch>) -> Option<Close> {
                close_of_clone::<Self>(self, watch)
            }
        }
    )*};
}

by_clone! {
    [S: SharedShutdown + Sync] Arc<S>;
    [S: Shutdown + Clone] Option<S>;
    [S: Shutdown + Clone] Vec<S>;
    [S: Shutdown + Clone] VecDeque<S>;
    [S: Shutdown + Clone] Box<S>;
    [S: Shutdown + Clone] OnceLock<S>;
    [S: Shutdown + Clone] OnceCell<S>;
    [T: Send + 'static] mpsc::Sender<T>;
    [T: Send + 'static] mpsc::UnboundedSender<T>;
    [T: Send + 'static] broadcast::Sender<T>;
    [T: Send + Sync + 'static] watch::Sender<T>;
    [] AbortHandle;
    #[cfg(feature = "tokio-util")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio-util")))]
    [] tokio_util::sync::CancellationToken;
    #[cfg(feature = "tokio-util")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio-util")))]
    [] tokio_util::task::TaskTracker;
}

macro_rules! by_taking_out {
    ($($lock:ty: [$($bounds:tt)*];)*) => {$(
        /// What it holds is taken out, and its default left in its place: `None`, an empty set or list.
        impl<S: Shutdown + Default $($bounds)*> SharedShutdown for $lock {
            async fn shutdown_shared(self: Arc<Self>, cx: Context) -> Result {
                take_out(&*self, &cx).await.shutdown(cx).await
            }
        }
    )*};
}

by_taking_out! {
    std::sync::Mutex<S>: [];
    std::sync::RwLock<S>: [+ Sync];
    tokio::sync::Mutex<S>: [];
    tokio::sync::RwLock<S>: [+ Sync];
}
