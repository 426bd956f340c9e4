//! How a consumer works, said before it begins.

use super::backoff::Backoff;
use super::counts::Counters;
use super::dead_letter::DeadLetter;
use super::field::Consumer;
use super::process::Work;
use super::source::Source;
use graceful_runtime::{Failure, IntoOutcome};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// How a [`Consumer`] works: from [`Consumer::of`].
#[must_use = "nothing is taken until `run` is called"]
pub struct Builder<S: Source> {
    source: S,
    concurrency: usize,
    backoff: Backoff,
    dead_letter: Option<DeadLetter<S::Message>>,
}

impl Consumer {
    /// A consumer of this source: [`run`](Builder::run) begins to take.
    pub fn of<S: Source>(source: S) -> Builder<S> {
        Builder {
            source,
            concurrency: 1,
            backoff: Backoff::default(),
            dead_letter: None,
        }
    }
}

impl<S: Source> Builder<S> {
    /// How many messages are in hand at most. Default: 1, which keeps them in their order.
    ///
    /// # Panics
    ///
    /// If it is 0, or more than a semaphore of tokio's counts.
    #[track_caller]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        let most = tokio::sync::Semaphore::MAX_PERMITS;
        assert!(
            (1..=most).contains(&concurrency),
            "a consumer has between 1 and {most} messages in hand"
        );
        self.concurrency = concurrency;
        self
    }

    /// How long a message that could not be processed waits for its next attempt. Default: from 100 ms to 30 s.
    ///
    /// It is tried until that works or the consumer is closed, unless there is a [`dead_letter`](Builder::dead_letter).
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// What becomes of a message that could not be processed in so many attempts: `store` puts it aside, with why
    /// the last one failed. Once that has worked it is acknowledged, and so out of the way.
    ///
    /// While `store` fails, the message is tried on from the beginning, so it is never lost between the two. Nothing is
    /// kept in memory.
    ///
    /// # Panics
    ///
    /// If `attempts` is 0.
    #[track_caller]
    pub fn dead_letter<F, R>(mut self, attempts: u32, store: F) -> Self
    where
        F: Fn(Arc<S::Message>, Failure) -> R + Send + Sync + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        assert!(attempts > 0, "a message is tried at least once");
        self.dead_letter = Some(DeadLetter::new(attempts, store));
        self
    }

    /// Begins to take messages, and calls `process` for each, in a task of its own. What it returns says whether
    /// the message was processed; a panic says no. `name` is what logs and the reason of a stop call the consumer.
    ///
    /// Where the source ends with an error, the stop of the service begins, with that as its reason and exit code 1.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn run<F, R>(self, name: impl Into<Cow<'static, str>>, process: F) -> Consumer
    where
        F: Fn(Arc<S::Message>) -> R + Send + Sync + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        let work = Work {
            source: self.source,
            process: Box::new(move |message| {
                let processed = process(message);
                Box::pin(async { processed.await.into_outcome() })
            }),
            backoff: self.backoff,
            dead_letter: self.dead_letter,
            counters: Counters::default(),
        };
        Consumer::start(work, self.concurrency, name.into())
    }
}

impl<S: Source> fmt::Debug for Builder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("source", &self.source.name())
            .field("concurrency", &self.concurrency)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}
