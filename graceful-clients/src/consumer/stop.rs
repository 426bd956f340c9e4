//! What everybody in a consumer hears of its close.

use graceful_runtime::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::select;
use tokio_util::sync::CancellationToken;

/// What everybody in a consumer hears of its close.
#[derive(Debug, Default)]
pub(super) struct Stop {
    /// Nothing more is taken, and nothing is tried again.
    begun: CancellationToken,
    /// What is in hand is given up.
    cut: CancellationToken,
    // A lock: written by the tasks of several messages.
    first_error: Mutex<Option<Error>>,
}

impl Stop {
    pub(super) fn begin(&self) {
        self.begun.cancel();
    }

    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    pub(super) async fn begun(&self) {
        self.begun.cancelled().await;
    }

    pub(super) fn cut_all(&self) {
        self.cut.cancel();
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.is_cancelled()
    }

    /// None where that is given up before it has ended.
    pub(super) async fn until_cut<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        select! {
            biased;
            ended = future => Some(ended),
            () = self.cut.cancelled() => None,
        }
    }

    /// Keeps what went wrong first while the consumer closes: what went wrong before is in the log.
    pub(super) fn remember(&self, error: Error) {
        if self.has_begun() {
            self.first_error().get_or_insert(error);
        }
    }

    pub(super) fn take_error(&self) -> Option<Error> {
        self.first_error().take()
    }

    fn first_error(&self) -> MutexGuard<'_, Option<Error>> {
        // Nothing is left half done under it.
        self.first_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
