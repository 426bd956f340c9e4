//! tokio's tasks.

use crate::context::Context;
use crate::exit_payload::unless_exit;
use crate::outcome::{IntoOutcome, Result};
use crate::shutdown::Shutdown;
use std::pin::Pin;
use std::task::{self, Poll, ready};
use std::time::Duration;
use tokio::task::{AbortHandle, JoinError, JoinHandle, JoinSet, yield_now};
use tokio::time::sleep;

/// How often it is looked whether a task that was aborted is gone: it may have blocked, and never be.
const LOOKS: u32 = 40;

/// So many of the looks come at once: most tasks are gone within microseconds.
const LOOKS_AT_ONCE: u32 = 10;

/// The time between two of the others.
const LOOK: Duration = Duration::from_millis(1);

/// Waits for the end of a task. Dropped before, at the limit, it aborts the task, and has its end awaited before
/// the next step begins: a `JoinHandle` that is dropped only detaches it.
pub(super) struct AbortOnDrop<E: Future + Unpin + Send + 'static> {
    task: AbortHandle,
    end: Option<E>,
    cx: Context,
}

impl<E: Future + Unpin + Send + 'static> AbortOnDrop<E> {
    pub(super) fn new(task: AbortHandle, end: E, cx: Context) -> Self {
        let end = Some(end);
        Self { task, end, cx }
    }
}

impl<E: Future + Unpin + Send + 'static> Future for AbortOnDrop<E> {
    type Output = E::Output;

    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<E::Output> {
        let end = self.end.as_mut().expect("it is polled to its end once");
        let output = ready!(Pin::new(end).poll(task));
        self.end = None;
        Poll::Ready(output)
    }
}

impl<E: Future + Unpin + Send + 'static> Drop for AbortOnDrop<E> {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            self.task.abort();
            self.cx.await_after_cut(async move { drop(end.await) });
        }
    }
}

impl<E: Future + Unpin + Send + 'static> Unpin for AbortOnDrop<E> {}

fn joined<T: IntoOutcome>(result: Result<T, JoinError>) -> Result {
    match result {
        Ok(returned) => returned.into_outcome(),
        // Somebody asked for it.
        Err(error) if error.is_cancelled() => Ok(()),
        Err(error) => unless_exit(error.into()).map_or(Ok(()), Err),
    }
}

/// Waited for; at the limit it is aborted.
impl<T: IntoOutcome + Send + 'static> Shutdown for JoinHandle<T> {
    async fn shutdown(self, cx: Context) -> Result {
        joined(AbortOnDrop::new(self.abort_handle(), self, cx).await)
    }
}

/// All waited for; at the limit those that are left are aborted. The first error is the set's.
impl<T: IntoOutcome + Send + 'static> Shutdown for JoinSet<T> {
    async fn shutdown(self, cx: Context) -> Result {
        let (total, mut outcome) = (self.len(), Ok(()));
        let mut set = AbortSetOnDrop { set: self, cx };
        while let Some(result) = set.set.join_next().await {
            outcome = outcome.and(joined(result));
            let left = set.set.len();
            set.cx.progress(format!("{left} of {total} in flight"));
        }
        outcome
    }
}

/// A set has its tasks aborted when it is dropped; here their end is awaited too.
struct AbortSetOnDrop<T: Send + 'static> {
    set: JoinSet<T>,
    cx: Context,
}

impl<T: Send + 'static> Drop for AbortSetOnDrop<T> {
    fn drop(&mut self) {
        let mut set = std::mem::take(&mut self.set);
        if !set.is_empty() {
            set.abort_all();
            self.cx
                .await_after_cut(async move { while set.join_next().await.is_some() {} });
        }
    }
}

/// Aborted. Waits some milliseconds for the drop of the task, as is waited for what was cut.
impl Shutdown for AbortHandle {
    async fn shutdown(self, _cx: Context) -> Result {
        self.abort();
        // It has no end that can be awaited.
        for look in 0..LOOKS {
            if self.is_finished() {
                break;
            }
            if look < LOOKS_AT_ONCE {
                yield_now().await;
            } else {
                sleep(LOOK).await;
            }
        }
        Ok(())
    }
}
