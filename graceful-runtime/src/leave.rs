//! How [`exit`](crate::exit) ends its caller: it unwinds like a panic, but is none.

use crate::outcome::{Error, panic_message};
use std::any::Any;
use std::panic::resume_unwind;
use tokio::task::JoinError;

struct Left;

/// Unwinds to whoever runs the task; no panic hook is called.
pub(crate) fn leave() -> ! {
    resume_unwind(Box::new(Left))
}

/// Whether it was [`leave`] that unwound.
pub(crate) fn has_left(payload: &(dyn Any + Send)) -> bool {
    payload.is::<Left>()
}

/// What was caught from a task that nobody expected to end, in words.
pub(crate) fn how_it_unwound(payload: &(dyn Any + Send)) -> String {
    if has_left(payload) {
        "called `exit`".to_owned()
    } else {
        format!("panicked: {}", panic_message(payload))
    }
}

/// The error, unless it is that of a task that has left.
pub(crate) fn unless_left(error: Error) -> Option<Error> {
    let error = match error.downcast::<JoinError>() {
        Ok(error) => error,
        Err(error) => return Some(error),
    };
    let text = format!("{error}");
    // Its payload is had only for the error itself, which whoever has a text to show had better keep.
    if !error.is_panic() || !text.ends_with("panicked") {
        return Some(error);
    }
    let payload = error.into_panic();
    if has_left(&*payload) {
        return None;
    }
    // A payload is the user's value, and its `Drop` may panic.
    std::mem::forget(payload);
    Some(text.into())
}
