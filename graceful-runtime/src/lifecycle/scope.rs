//! A future to which a lifecycle is the current one, on whatever thread it is polled.

use super::current::enter;
use super::handle::Handle;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

impl Handle {
    /// Makes this the current lifecycle of `future`, wherever that is polled: the free functions
    /// ([`requested`](crate::requested), [`defer`](crate::defer), …) find it there. What `future` spawns needs a
    /// scope of its own.
    ///
    /// ```
    /// use graceful::Embedded;
    /// use std::time::Duration;
    ///
    /// /// Written for `#[graceful::main]`.
    /// async fn start() -> tokio::task::JoinHandle<()> {
    ///     tokio::spawn(graceful::requested())
    /// }
    ///
    /// # #[tokio::main] async fn main() {
    /// let service = Embedded::new();
    /// service.run(service.handle().scope(start()).await);
    /// let report = service.stop(Duration::from_secs(5)).await;
    /// assert!(report.is_clean());
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// As that of `future`.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F> {
        Scope {
            future: Box::pin(future),
            handle: self.clone(),
        }
    }
}

/// A future with a current lifecycle of its own: see [`Handle::scope`].
#[must_use = "it does nothing unless it is spawned or awaited"]
pub struct Scope<F> {
    future: Pin<Box<F>>,
    handle: Handle,
}

impl<F: Future> Future for Scope<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = enter(&Arc::downgrade(self.handle.lifecycle()));
        self.future.as_mut().poll(task)
    }
}

impl<F> fmt::Debug for Scope<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}
