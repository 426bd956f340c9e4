//! Tasks of a state that are watched from the moment the runtime has it.

use super::collections::{by_index, by_key};
use super::tasks::AbortOnDrop;
use crate::context::Context;
use crate::exit_payload::{how_it_unwound, is_exit};
use crate::lock::Lock;
use crate::outcome::{IntoOutcome, PanicError, Result, caught, how_it_ended};
use crate::shutdown::{Close, CriticalTask, Parts, Watch};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Display;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, ready};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinError, JoinHandle};

/// A task of ours waits for it: only whoever has the handle hears of the end, and only whoever takes
/// what was returned can say how it ended.
impl<T: IntoOutcome + Send + 'static> CriticalTask for JoinHandle<T> {
    fn watched(mut self, watch: Watch) -> Close {
        let Ok(runtime) = Handle::try_current() else {
            panic!(
                "`{}` is a critical task: its state has to be handed over inside a tokio runtime",
                watch.path()
            );
        };
        let task = self.abort_handle();
        let wait: Wait = Box::new(move |task| {
            let joined = ready!(Pin::new(&mut self).poll(task));
            Poll::Ready(Box::new(move || end_of(joined)))
        });
        let wait = Arc::new(Lock::new(Some(wait)));
        let (outcome, told) = oneshot::channel();
        let unwatched = Unwatched {
            wait: wait.clone(),
            watch,
        };
        let watched = Watched {
            task,
            watcher: runtime.spawn(report_end(unwatched, outcome)).abort_handle(),
            wait,
            told,
        };
        Close::new(|cx| watched.close(cx))
    }
}

/// Polls the handle, which is nobody's code but tokio's.
type Wait = Box<dyn FnMut(&mut task::Context<'_>) -> Poll<Unread> + Send>;

/// Reads what the handle gave, which is the user's code.
type Unread = Box<dyn FnOnce() -> End + Send>;

/// How a task ended, in words, and as what it is closed.
type End = (String, Result);

fn end_of<T: IntoOutcome>(joined: Result<T, JoinError>) -> End {
    let payload = match joined {
        Ok(returned) => match catch_unwind(AssertUnwindSafe(|| returned.into_outcome())) {
            Ok(outcome) => return (how_it_ended(&outcome), outcome),
            Err(payload) => payload,
        },
        // Somebody asked for it, so it is no failure of the close.
        Err(error) if error.is_cancelled() => return ("was aborted".to_owned(), Ok(())),
        Err(error) => error.into_panic(),
    };
    let how = how_it_unwound(&*payload);
    if is_exit(&*payload) {
        return (how, Ok(()));
    }
    (how, Err(PanicError(caught(payload)).into()))
}

// A mutex: polled by the watcher, and taken by it when the task has ended, or by the close when that begins. The
// close goes on to wait by itself, so that it needs no worker of the runtime. What was taken is read, and dropped,
// when the lock is free again.
type SharedWait = Arc<Lock<Option<Wait>>>;

async fn report_end(unwatched: Unwatched, outcome_to: oneshot::Sender<Result>) {
    let ended = poll_fn(|task| {
        let mut wait = unwatched.wait.lock();
        let Some(poll) = &mut *wait else {
            return Poll::Pending;
        };
        let unread = ready!(poll(task));
        Poll::Ready((unread, wait.take()))
    });
    let (unread, _spent) = ended.await;
    let (how, outcome) = unread();
    // Refused where it was taken back meanwhile.
    if outcome_to.send(outcome).is_ok() {
        unwatched.watch.ended(how);
    }
}

/// Dropped before anybody took the wait, it goes with its runtime.
struct Unwatched {
    wait: SharedWait,
    watch: Watch,
}

impl Drop for Unwatched {
    fn drop(&mut self) {
        // The wait stays: the task may live on another runtime, and the close waits for it.
        if self.wait.lock().is_some() {
            let how = "is watched no more: the runtime in which it was handed over has ended";
            self.watch.ended(how.to_owned());
        }
    }
}

/// Dropped, it is a handle that is dropped: the task goes on, and nobody hears of its end.
struct Watched {
    task: AbortHandle,
    watcher: AbortHandle,
    wait: SharedWait,
    /// What the watcher has read, where it has taken the wait.
    told: oneshot::Receiver<Result>,
}

impl Watched {
    async fn close(mut self, cx: Context) -> Result {
        let Some(poll) = self.take() else {
            let told = (&mut self.told).await;
            return told.expect("the watcher that has taken the wait tells the outcome");
        };
        let unread = AbortOnDrop::new(self.task.clone(), poll_fn(poll), cx).await;
        unread().1
    }

    fn take(&self) -> Option<Wait> {
        let wait = self.wait.lock().take();
        // Only now: a watcher that is dropped while the wait is there says so.
        self.watcher.abort();
        wait
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// Nothing ends where it is `None`.
impl<C: CriticalTask> CriticalTask for Option<C> {
    fn watched(self, watch: Watch) -> Close {
        self.map_or_else(|| Close::nothing(()), |task| task.watched(watch))
    }
}

impl<C: CriticalTask> CriticalTask for Box<C> {
    fn watched(self, watch: Watch) -> Close {
        (*self).watched(watch)
    }
}

macro_rules! each {
    ($([$($generics:tt)*] $ty:ty: $named:ident;)*) => {$(
        /// Each of them.
        impl<$($generics)*> CriticalTask for $ty {
            fn watched(self, watch: Watch) -> Close {
                Parts::each($named(self), |name, task| task.watched(watch.below(name)))
            }
        }
    )*};
}

each! {
    [C: CriticalTask] Vec<C>: by_index;
    [C: CriticalTask] VecDeque<C>: by_index;
    [C: CriticalTask, const N: usize] [C; N]: by_index;
    [K: Display + Send + 'static, C: CriticalTask, S: BuildHasher + Send + 'static] HashMap<K, C, S>: by_key;
    [K: Display + Send + 'static, C: CriticalTask] BTreeMap<K, C>: by_key;
}
