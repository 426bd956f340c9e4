//! tokio-util's tokens and tasks.

use super::closed_by_drop;
use crate::context::Context;
use crate::outcome::Result;
use crate::shutdown::Shutdown;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

closed_by_drop! {
    /// Dropped, which cancels its token: with the feature `tokio-util`.
    () DropGuard;
}

/// Cancelled: with the feature `tokio-util`.
impl Shutdown for CancellationToken {
    async fn shutdown(self, _cx: Context) -> Result {
        self.cancel();
        Ok(())
    }
}

/// Closed, and its tasks waited for; they go on where the limit passes. With the feature `tokio-util`.
impl Shutdown for TaskTracker {
    async fn shutdown(self, cx: Context) -> Result {
        self.close();
        cx.progress(format!("{} in flight when it began", self.len()));
        self.wait().await;
        Ok(())
    }
}
