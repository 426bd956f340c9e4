//! Tasks that the service can't do without.

use super::handle::Handle;
use crate::exit_payload::how_it_unwound;
use crate::outcome::{IntoOutcome, Result, how_it_ended};
use crate::reason::Reason;
use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A task that the service can't do without: when it ends, fails, panics or is aborted before the
/// process is asked to stop, the stop begins, with that as its reason and exit code 1.
///
/// It wraps the future, wherever that is spawned: on its own, in a `JoinHandle` that is a field of the
/// state, in a `JoinSet` or a tracker. Once the stop has begun, its end is an end like any other's.
///
/// A task that listens to the signals itself may end a moment before the stop has begun: where a signal arrives within
/// 20 ms of its end, that is the reason.
///
/// A `JoinHandle` that a library has returned is marked in the state instead: `#[shutdown(critical)]`. It may be wrapped
/// too, since it is a future; but what aborts the wrapper then, at a limit, leaves the task alone.
///
/// ```no_run
/// # async fn consume() -> Result<(), std::io::Error> { Ok(()) }
/// # fn start() {
/// let consumer = tokio::spawn(graceful::critical("consumer", consume()));
/// # }
/// ```
///
/// # Panics
///
/// As [`Handle::current`], which is looked up here, not where the future is polled.
///
/// # Cancel safety
///
/// Dropped before its end it begins the stop too ("was dropped"), unless that has begun: so in a branch of
/// `select!` it has to be borrowed. What it wraps is dropped with it.
#[track_caller]
pub fn critical<F>(name: impl Into<Cow<'static, str>>, future: F) -> Critical<F>
where
    F: Future<Output: IntoOutcome>,
{
    Handle::current().critical(name, future)
}

impl Handle {
    /// Wraps a task that the service can't do without: see [`critical`](crate::critical).
    pub fn critical<F>(&self, name: impl Into<Cow<'static, str>>, future: F) -> Critical<F>
    where
        F: Future<Output: IntoOutcome>,
    {
        Critical {
            future: Box::pin(future),
            alarm: Some(Alarm {
                name: name.into(),
                handle: self.clone(),
            }),
        }
    }
}

/// The future of a critical task: see [`critical`].
#[must_use = "it does nothing unless it is spawned or awaited"]
pub struct Critical<F> {
    future: Pin<Box<F>>,
    /// Taken when the task ends by itself; sounded where it is dropped instead.
    alarm: Option<Alarm>,
}

struct Alarm {
    name: Cow<'static, str>,
    handle: Handle,
}

impl Alarm {
    fn sound(self, how: String) {
        let name = self.name;
        self.handle.request(Reason::CriticalTask { name, how });
    }
}

impl<F> Critical<F> {
    fn sound(&mut self, how: impl FnOnce() -> String) {
        if let Some(alarm) = self.alarm.take() {
            alarm.sound(how());
        }
    }
}

impl<F: Future<Output: IntoOutcome>> Future for Critical<F> {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result> {
        let this = &mut *self;
        let poll = || {
            this.future
                .as_mut()
                .poll(task)
                .map(IntoOutcome::into_outcome)
        };
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(outcome)) => {
                this.sound(|| how_it_ended(&outcome));
                Poll::Ready(outcome)
            }
            Err(payload) => {
                this.sound(|| how_it_unwound(&*payload));
                resume_unwind(payload)
            }
        }
    }
}

impl<F> Drop for Critical<F> {
    fn drop(&mut self) {
        self.sound(|| "was dropped".to_owned());
    }
}

impl<F> fmt::Debug for Critical<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Critical").finish_non_exhaustive()
    }
}
