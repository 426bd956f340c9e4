//! Where steps run: on threads of their own, or as tasks of a test.

use super::tasks::Tasks;
use super::threads::Threads;
use crate::board::Crew;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

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

    /// Finds out whether the user's runtime runs what is spawned on it.
    pub(crate) async fn probe(&self) {
        if let Self::Threads(threads) = self {
            let answer = threads.handle().spawn(async {});
            let answered = matches!(timeout(ANSWERS_WITHIN, answer).await, Ok(Ok(())));
            threads.set_answers(answered);
        }
    }

    /// Goes on finding out; never ends.
    pub(crate) async fn keep_probing(&self) {
        match self {
            Self::Threads(_) => loop {
                sleep(2 * ANSWERS_WITHIN).await;
                self.probe().await;
            },
            Self::Tasks(_) => std::future::pending().await,
        }
    }
}
