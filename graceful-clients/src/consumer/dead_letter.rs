//! What becomes of messages that can't be processed.

use graceful_runtime::{Failure, IntoOutcome, Result};
use std::pin::Pin;
use std::sync::Arc;

/// What somebody does with a message: of one type, whatever it is.
pub(super) type Attempt = Pin<Box<dyn Future<Output = Result> + Send>>;

/// After how many attempts a message is put aside, and how.
pub(super) struct DeadLetter<M> {
    attempts: u32,
    store: Box<dyn Fn(Arc<M>, Failure) -> Attempt + Send + Sync>,
}

impl<M: 'static> DeadLetter<M> {
    pub(super) fn new<F, R>(attempts: u32, store: F) -> Self
    where
        F: Fn(Arc<M>, Failure) -> R + Send + Sync + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        Self {
            attempts,
            store: Box::new(move |message, failure| {
                let stored = store(message, failure);
                Box::pin(async { stored.await.into_outcome() })
            }),
        }
    }

    /// Whether a message that was tried so often is put aside.
    pub(super) fn is_due(&self, attempts: u32) -> bool {
        attempts >= self.attempts
    }

    pub(super) fn store(&self, message: &Arc<M>, failure: Failure) -> Attempt {
        (self.store)(message.clone(), failure)
    }
}
