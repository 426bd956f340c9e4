//! tokio's tasks.

use crate::leave::unless_left;
use crate::{Context, IntoOutcome, Result, Shutdown};
use tokio::task::{AbortHandle, JoinError, JoinHandle, JoinSet};

/// Aborts a task that is not waited for any more: dropping a `JoinHandle` would only detach it.
pub(super) struct AbortOnDrop(pub(super) AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn joined<T: IntoOutcome>(result: Result<T, JoinError>) -> Result {
    match result {
        Ok(returned) => returned.into_outcome(),
        // Somebody asked for it.
        Err(error) if error.is_cancelled() => Ok(()),
        Err(error) => unless_left(error.into()).map_or(Ok(()), Err),
    }
}

/// Waited for; at the limit it is aborted.
impl<T: IntoOutcome + Send + 'static> Shutdown for JoinHandle<T> {
    async fn shutdown(self, _cx: Context) -> Result {
        let _not_detached = AbortOnDrop(self.abort_handle());
        joined(self.await)
    }
}

/// All waited for; at the limit those that are left are aborted. The first error is the set's.
impl<T: IntoOutcome + Send + 'static> Shutdown for JoinSet<T> {
    async fn shutdown(mut self, cx: Context) -> Result {
        let (total, mut outcome) = (self.len(), Ok(()));
        while let Some(result) = self.join_next().await {
            outcome = outcome.and(joined(result));
            cx.progress(format!("{} of {total} in flight", self.len()));
        }
        outcome
    }
}

/// Aborted.
impl Shutdown for AbortHandle {
    async fn shutdown(self, _cx: Context) -> Result {
        self.abort();
        Ok(())
    }
}
