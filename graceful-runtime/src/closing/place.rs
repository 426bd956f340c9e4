//! Where steps run: on threads of their own, or as tasks of a test.

use super::tasks::Tasks;
use super::threads::Threads;
use crate::board::Crew;
use crate::erased::sleep_until;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// A runtime that has not run a task for this long is taken for blocked. A busy one answers in
/// microseconds, and one that is taken for blocked by mistake loses nothing: its I/O still works.
const ANSWERS_WITHIN: Duration = Duration::from_millis(50);

pub(crate) enum Place {
    Threads(Threads),
    Tasks(Handle),
}

impl Place {
    /// Threads that enter the runtime of `handle`, and run `on_start` first.
    pub(crate) fn threads(handle: Handle, on_start: Box<dyn Fn() + Send + Sync>) -> Self {
        Self::Threads(Threads::new(handle, on_start))
    }

    pub(crate) fn crew(&self) -> Box<dyn Crew> {
        match self {
            Self::Threads(threads) => Box::new(threads.clone()),
            Self::Tasks(handle) => Box::new(Tasks(handle.clone())),
        }
    }

    /// Starts what the first step needs.
    pub(crate) fn make_ready(&self) {
        if let Self::Threads(threads) = self {
            threads.make_ready();
        }
    }

    /// No more steps will come.
    pub(crate) fn dismiss(&self) {
        if let Self::Threads(threads) = self {
            threads.dismiss();
        }
    }

    /// Calls `then` once it is known whether the user's runtime runs what is spawned on it, which
    /// [`keep_asking`](Place::keep_asking) says at the latest.
    pub(crate) fn once_it_is_known(&self, then: impl FnOnce() + Send + 'static) {
        match self {
            Self::Threads(threads) => threads.once_it_is_known(then),
            Self::Tasks(_) => then(),
        }
    }

    /// Goes on finding out; never ends.
    pub(crate) async fn keep_asking(&self) {
        let Self::Threads(threads) = self else {
            return std::future::pending().await;
        };
        loop {
            sleep_until(Instant::now() + ANSWERS_WITHIN).await;
            threads.answer_is_due();
            threads.ask();
        }
    }
}
