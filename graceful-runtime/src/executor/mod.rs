//! Polls tasks that may block, on threads of its own. It knows nothing of steps.
//!
//! Two kinds of tasks: those that run the user's code, and *control* tasks, which are ours alone and never
//! block. A control task is polled on time whatever the others do.

mod queue;
mod runtimes;
mod spare;
mod task;
mod workers;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use task::Task;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
pub(crate) use workers::{ThreadSettings, Workers};

pub(crate) type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes a task's future: called once, on the thread that polls it first, where it may block.
pub(crate) type Begin = Box<dyn FnOnce() -> TaskFuture + Send>;

#[derive(Clone)]
pub(crate) enum Executor {
    /// Threads of ours, which enter the user's runtime.
    Threads(Arc<Workers>),
    /// Tasks of the user's runtime: in paused time a thread would stop the clock.
    Tasks(Handle),
}

impl Executor {
    /// Runs the user's code.
    pub(crate) fn spawn(&self, begin: Begin) -> TaskHandle {
        match self {
            Self::Threads(workers) => TaskHandle::Threads(Task::spawn(workers.clone(), begin)),
            Self::Tasks(runtime) => {
                let mut begin = Some(begin);
                let mut future = None;
                let task = runtime.spawn(poll_fn(move |cx| {
                    if let Some(begin) = begin.take() {
                        future = Some(begin());
                    }
                    let future = future.as_mut().expect("it has begun");
                    future.as_mut().poll(cx)
                }));
                TaskHandle::Tasks(task.abort_handle())
            }
        }
    }

    /// Runs code of ours that never blocks.
    pub(crate) fn spawn_control(&self, future: TaskFuture) {
        match self {
            Self::Threads(workers) => drop(Task::spawn_control(workers.clone(), future)),
            Self::Tasks(runtime) => drop(runtime.spawn(future)),
        }
    }

    /// The same beside it, with threads of its own.
    pub(crate) fn another(&self) -> Self {
        match self {
            Self::Threads(workers) => Self::Threads(workers.another()),
            Self::Tasks(runtime) => Self::Tasks(runtime.clone()),
        }
    }

    /// Starts a thread ahead of the first task.
    pub(crate) fn make_ready(&self) {
        if let Self::Threads(workers) = self {
            workers.make_ready();
        }
    }

    /// Finds out whether the user's runtime answers, and with that where tasks find their timers and I/O.
    pub(crate) async fn probe(&self) {
        if let Self::Threads(workers) = self {
            workers.runtimes().probe().await;
        }
    }

    /// Notices threads that are stuck, and a runtime that does not answer. Never ends.
    pub(crate) async fn monitor(&self) {
        match self {
            Self::Threads(workers) => workers.monitor().await,
            Self::Tasks(_) => std::future::pending().await,
        }
    }

    /// The most threads that it may have, where that many were all stuck at once.
    pub(crate) fn exhausted(&self) -> Option<usize> {
        match self {
            Self::Threads(workers) => workers.exhausted(),
            Self::Tasks(_) => None,
        }
    }

    /// How many tasks of the user's runtime have not ended.
    pub(crate) fn alive_tasks(&self) -> usize {
        let runtime = match self {
            Self::Threads(workers) => workers.runtimes().user(),
            Self::Tasks(runtime) => runtime,
        };
        runtime.metrics().num_alive_tasks()
    }

    /// Whether what is alive in the user's runtime is the user's: where closes are tasks of it, and where it does not
    /// answer what asks it, some are ours.
    pub(crate) fn has_only_tasks_of_the_user(&self) -> bool {
        match self {
            Self::Threads(workers) => workers.runtimes().user_answers(),
            Self::Tasks(_) => false,
        }
    }

    /// No more tasks will come: threads end with what they have.
    pub(crate) fn finish(&self) {
        if let Self::Threads(workers) = self {
            workers.finish();
        }
    }
}

/// A spawned task. Dropped, the task goes on.
pub(crate) enum TaskHandle {
    Threads(Arc<Task>),
    Tasks(AbortHandle),
}

impl TaskHandle {
    /// Has the task dropped, where a `Drop` that blocks holds up nobody: at once, or once its poll returns.
    pub(crate) fn cancel(&self) {
        match self {
            Self::Threads(task) => task.cancel(),
            Self::Tasks(task) => task.abort(),
        }
    }
}
