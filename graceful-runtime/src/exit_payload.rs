//! How [`exit`](crate::exit) ends its caller: it unwinds as a panic does, but is none.

use crate::lock::Lock;
use crate::outcome::{Error, PanicError, caught, panic_message, with_sources};
use std::any::Any;
use std::error::Error as StdError;
use std::io;
use std::panic::resume_unwind;
use tokio::task::{Id, JoinError, try_id};

struct ExitPayload;

// A mutex: taken where a task calls `exit`, and where a task's error is looked at. A `JoinError` that stands
// in another error does not show its payload, but it says whose it is.
static EXITED_TASKS: Lock<Vec<Id>> = Lock::new(Vec::new());

/// Unwinds to whoever runs the caller; no panic hook is called.
pub(crate) fn unwind_to_exit() -> ! {
    if let Some(id) = try_id() {
        EXITED_TASKS.lock().push(id);
    }
    resume_unwind(Box::new(ExitPayload))
}

/// Whether it was [`unwind_to_exit`] that unwound.
pub(crate) fn is_exit(payload: &(dyn Any + Send)) -> bool {
    payload.is::<ExitPayload>()
}

/// What was caught from a task that nobody expected to end, in words.
pub(crate) fn how_it_unwound(payload: &(dyn Any + Send)) -> String {
    if is_exit(payload) {
        "called `exit`".to_owned()
    } else {
        format!("panicked: {}", panic_message(payload))
    }
}

/// The error, unless it is that of a task that has called `exit`; of one that has panicked as a [`PanicError`].
pub(crate) fn unless_exit(error: Error) -> Option<Error> {
    if is_of_exited_task(&*error) {
        return None;
    }
    match error.downcast::<JoinError>() {
        Ok(error) if error.is_panic() => Some(PanicError(caught(error.into_panic())).into()),
        Ok(error) => Some(error.into()),
        Err(error) if is_of_panicked_task(&*error) => {
            Some(PanicError(with_sources(&*error)).into())
        }
        Err(error) => Some(error),
    }
}

fn is_of_exited_task(error: &(dyn StdError + Send + Sync + 'static)) -> bool {
    // Not under the lock: an error's text is the user's.
    let tasks = EXITED_TASKS.lock().clone();
    if tasks.is_empty() {
        return false;
    }
    causes(error).any(|cause| {
        if let Some(error) = cause.downcast_ref::<JoinError>() {
            return error.is_panic() && tasks.contains(&error.id());
        }
        // `anyhow` hides what its own error was made of.
        let text = cause.to_string();
        tasks
            .iter()
            .any(|task| text == format!("{TASK}{task}{PANICKED}"))
    })
}

/// How tokio shows the error of a task that panicked; a message follows, where there is one.
const TASK: &str = "task ";
const PANICKED: &str = " panicked";

fn is_of_panicked_task(error: &(dyn StdError + Send + Sync + 'static)) -> bool {
    causes(error).any(|cause| {
        if let Some(error) = cause.downcast_ref::<JoinError>() {
            return error.is_panic();
        }
        let text = cause.to_string();
        let after = text
            .strip_prefix(TASK)
            .map(|text| text.trim_start_matches(|id: char| id.is_ascii_digit()));
        after.is_some_and(|text| text.starts_with(PANICKED))
    })
}

/// The error and its sources; also what `io::Error` holds, which is none of them.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(held) => Some(held),
            None => error.source(),
        }
    })
}
