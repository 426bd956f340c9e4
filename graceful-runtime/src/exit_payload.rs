//! How [`exit`](crate::exit) ends its caller: it unwinds as a panic does, but is none.

use crate::lock::Lock;
use crate::outcome::{Error, PanicError, caught, panic_message, with_sources};
use std::any::Any;
use std::error::Error as StdError;
use std::io;
use std::panic::resume_unwind;
use tokio::task::{JoinError, try_id};

struct ExitPayload;

// By their numbers. A mutex: taken where a task calls `exit`, and where one has ended by a panic.
static EXITED_TASKS: Lock<Vec<String>> = Lock::new(Vec::new());

/// Unwinds to whoever runs the caller; no panic hook is called.
pub(crate) fn unwind_to_exit() -> ! {
    if let Some(id) = try_id() {
        EXITED_TASKS.lock().push(id.to_string());
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
    // Not under the lock: an error's text is the user's.
    let panicked: Vec<_> = causes(&*error).filter_map(panicked_task).collect();
    if panicked.is_empty() {
        return Some(error);
    }
    let have_exited = EXITED_TASKS
        .lock()
        .iter()
        .any(|task| panicked.contains(task));
    if have_exited {
        return None;
    }
    let message = match error.downcast::<JoinError>() {
        Ok(error) => caught(error.into_panic()),
        Err(error) => with_sources(&*error),
    };
    Some(PanicError(message).into())
}

/// The number of the task whose panic this is the error of. A `JoinError` that stands in another error does not show its
/// payload, but it says whose it is.
fn panicked_task(error: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<JoinError>() {
        return error.is_panic().then(|| error.id().to_string());
    }
    // `anyhow` hides what its own error was made of. So tokio shows it; a message follows, where there is one.
    let text = error.to_string();
    let behind = text.strip_prefix("task ")?;
    let number: String = behind.chars().take_while(char::is_ascii_digit).collect();
    let is_panic = behind[number.len()..].starts_with(" panicked");
    is_panic.then_some(number)
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
