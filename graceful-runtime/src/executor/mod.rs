//! Polls tasks that may block, on threads of its own. It knows nothing of steps.
//!
//! Two kinds of tasks: those that run the user's code, and *control* tasks, which are ours alone and never
//! block. A control task is polled on time whatever the others do.

mod queue;
mod runtimes;
mod spare;
mod task;
mod workers;

pub(crate) use task::{Task, TaskFuture};
pub(crate) use workers::{Executor, ThreadSettings};
