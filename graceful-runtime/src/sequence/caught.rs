//! Code of the user's, whose panics go no further.

use crate::context::{Close, CloseFuture, Context};
use crate::exit_payload::{is_exit, unless_exit};
use crate::outcome::{EndedAs, Failure, Outcome, PanicError, Result, caught};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context as Task, Poll};
use std::thread;

/// A value of the user's: a panic of its `Drop` takes nobody with it, nor does one of it as a future.
pub(crate) struct Caught<T>(Option<T>);

impl<T> Caught<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }

    pub(crate) fn into_inner(mut self) -> T {
        self.0.take().expect("nobody else takes it")
    }

    /// Drops it here: the message, where that panics.
    pub(super) fn discard(&mut self) -> std::result::Result<(), String> {
        let value = self.0.take();
        catch_unwind(AssertUnwindSafe(|| drop(value))).map_err(caught)
    }
}

impl<T> Drop for Caught<T> {
    fn drop(&mut self) {
        drop(self.discard());
    }
}

impl<F: Future + Unpin> Future for Caught<F> {
    type Output = thread::Result<F::Output>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Self::Output> {
        let future = self.0.as_mut().expect("it is polled until it ends");
        match catch_unwind(AssertUnwindSafe(|| Pin::new(future).poll(task))) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

/// Begins a close. Where that panics, the first poll says so.
pub(crate) fn begin(close: Close, cx: Context) -> Caught<CloseFuture> {
    let begun = catch_unwind(AssertUnwindSafe(|| close.begin(cx)));
    Caught::new(begun.unwrap_or_else(|panic| Box::pin(async { resume_unwind(panic) })))
}

/// How a close ended.
pub(crate) fn outcome_of(ended: thread::Result<Result>) -> Outcome {
    // The text of an error is the user's too.
    let told = ended.and_then(|result| catch_unwind(AssertUnwindSafe(|| told_by(result))));
    match told {
        Ok(outcome) => outcome,
        Err(panic) if is_exit(&*panic) => Outcome::Closed,
        Err(panic) => Outcome::Panicked(caught(panic)),
    }
}

fn told_by(result: Result) -> Outcome {
    let Some(error) = result.err().and_then(unless_exit) else {
        return Outcome::Closed;
    };
    let error = match error.downcast::<EndedAs>() {
        Ok(ended) => return ended.0,
        Err(error) => error,
    };
    match error.downcast::<PanicError>() {
        Ok(panic) => Outcome::Panicked(panic.0),
        Err(error) => Outcome::Failed(Failure::new(error)),
    }
}
