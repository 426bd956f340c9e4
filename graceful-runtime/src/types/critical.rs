//! Tasks of a state that are watched from the moment the runtime has it.

use super::collections::{by_index, by_key};
use super::tasks::AbortOnDrop;
use crate::erased::spawn;
use crate::leave::unless_left;
use crate::lock::Lock;
use crate::outcome::{caught, how_it_ended};
use crate::shutdown::{Close, CriticalTask, Parts, Watch, begun};
use crate::{IntoOutcome, Result};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinHandle};

/// A task of ours waits for it: only whoever has the handle hears of the end, and only whoever takes
/// what was returned can say how it ended.
impl<T: IntoOutcome + Send + 'static> CriticalTask for JoinHandle<T> {
    fn watched(self, watch: Watch) -> Close {
        let Ok(runtime) = Handle::try_current() else {
            panic!(
                "`{}` is a critical task: its state has to be handed over inside a tokio runtime",
                watch.path()
            );
        };
        let task = self.abort_handle();
        let course = Arc::new(Lock::new(Course::Runs(Box::pin(end_of(self)))));
        let watched = Watched {
            task,
            watcher: spawn(&runtime, report_end(course.clone(), watch)),
            course,
        };
        Close::new(|_| begun(watched.close()))
    }
}

/// How a task ended, in words, and as what it is closed.
type End = (String, Result);

async fn end_of<T: IntoOutcome>(task: JoinHandle<T>) -> End {
    match task.await {
        Ok(returned) => match catch_unwind(AssertUnwindSafe(|| returned.into_outcome())) {
            Ok(outcome) => (how_it_ended(&outcome), outcome),
            Err(payload) => {
                let how = format!("panicked: {}", caught(payload));
                (how.clone(), Err(how.into()))
            }
        },
        // Somebody asked for it, so it is no failure of the close.
        Err(error) if error.is_cancelled() => ("was aborted".to_owned(), Ok(())),
        Err(error) => match unless_left(error.into()) {
            Some(error) => (panicked(&format!("{error}")), Err(error)),
            None => ("called `exit`".to_owned(), Ok(())),
        },
    }
}

/// tokio's text is `task 7 panicked with message "out of luck"`. The payload is had only for the error
/// itself, which is the close's.
fn panicked(text: &str) -> String {
    match text.split_once('"') {
        Some((_, message)) => format!("panicked: {}", message.trim_end_matches('"')),
        None => "panicked".to_owned(),
    }
}

/// What a task is doing, as far as whoever watches it has seen.
enum Course {
    Runs(Pin<Box<dyn Future<Output = End> + Send>>),
    Ended(Result),
    /// It is the close's now, or was dropped.
    Taken,
}

// A mutex: taken by the watcher when the task has ended, and by the close when that begins. The close goes
// on to wait by itself, so that it needs no worker of the runtime. What converts the task's value is the user's,
// and runs under it: but for the close, which needs that value, nobody waits.
type SharedCourse = Arc<Lock<Course>>;

async fn report_end(course: SharedCourse, watch: Watch) {
    let how = poll_fn(|task| {
        let course = &mut *course.lock();
        let Course::Runs(end) = course else {
            return Poll::Pending;
        };
        let (how, outcome) = ready!(end.as_mut().poll(task));
        *course = Course::Ended(outcome);
        Poll::Ready(how)
    });
    watch.ended(how.await);
}

/// Dropped, it is a handle that is dropped: the task goes on, and nobody hears of its end.
struct Watched {
    task: AbortHandle,
    watcher: AbortHandle,
    course: SharedCourse,
}

impl Watched {
    async fn close(self) -> Result {
        let _not_detached = AbortOnDrop(self.task.clone());
        match self.take() {
            Course::Runs(end) => end.await.1,
            Course::Ended(outcome) => outcome,
            Course::Taken => unreachable!("it is closed once"),
        }
    }

    fn take(&self) -> Course {
        self.watcher.abort();
        std::mem::replace(&mut *self.course.lock(), Course::Taken)
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
        self.map_or_else(Close::nothing, |task| task.watched(watch))
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
    [C: CriticalTask, const N: usize] [C; N]: by_index;
    [K: Display + Send + 'static, C: CriticalTask, S: BuildHasher + Send + 'static] HashMap<K, C, S>: by_key;
    [K: Display + Send + 'static, C: CriticalTask] BTreeMap<K, C>: by_key;
}
