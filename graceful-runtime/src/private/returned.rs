//! What a closing method returned, told apart by the compiler.

use crate::autoref::kinds;
use crate::outcome::{IntoOutcome, Result};
use std::fmt::Debug;
use std::future::{Ready, poll_fn, ready};
use std::marker::PhantomData;
use std::pin::pin;
use std::task::Poll;

/// What a closing method returned: told apart by how many references the call looks through.
pub struct Returned<T>(PhantomData<T>);

impl<T> Returned<T> {
    /// Of this value.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

kinds! { returned_kind:
    /// A future of something that says whether it closed.
    FutureKind gives Awaited for [F: Future<Output: IntoOutcome>] &&&Returned<F>;
    /// A value that says whether it closed.
    OutcomeKind gives Plain for [T: IntoOutcome] &&Returned<T>;
    /// A future of a result whose error is none. One of anything else is not looked into: as an `async fn`'s mistake it
    /// would be reported three times.
    ShownFutureKind gives AwaitedAndShown for [F: Future<Output: ShownOutcome>] &Returned<F>;
    /// Anything else: a result whose error is none, `(Self, Error)`, from closes that give the value back.
    DebugKind gives Shown for [T] Returned<T>;
}

/// Awaits it.
pub struct Awaited;

/// Takes it as it is.
pub struct Plain;

/// Shows its error.
pub struct Shown;

/// Awaits it, and shows its error.
pub struct AwaitedAndShown;

impl Awaited {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub async fn outcome<F: Future<Output: IntoOutcome>>(self, returned: F) -> Result {
        let returned = pin!(returned);
        end_first_poll().await;
        returned.await.into_outcome()
    }
}

impl Plain {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub fn outcome<T: IntoOutcome>(self, returned: T) -> Ready<Result> {
        ready(returned.into_outcome())
    }
}

/// What a closing method may return beside what implements [`IntoOutcome`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a close succeeded",
    label = "the close returns this",
    note = "a close returns `()`, `bool`, a `Result` whose error is `Debug`, or a future of one; for anything else write `#[shutdown(with = |value, cx| async move {{ … }})]`",
    note = "if it is an `async` block that ends in a call of an `async fn`, that call lacks its `.await`"
)]
pub trait ShownOutcome {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own, by its `Debug` text.
    fn shown(self) -> Result;
}

impl<T, E: Debug> ShownOutcome for Result<T, E> {
    fn shown(self) -> Result {
        self.map(drop).map_err(|error| format!("{error:?}").into())
    }
}

impl Shown {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub fn outcome<T: ShownOutcome>(self, returned: T) -> Ready<Result> {
        ready(returned.shown())
    }
}

impl AwaitedAndShown {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub async fn outcome<F: Future<Output: ShownOutcome>>(self, returned: F) -> Result {
        let returned = pin!(returned);
        end_first_poll().await;
        returned.await.shown()
    }
}

/// What is awaited is polled where it has a budget of tokio's; what gave it was called where it may block.
async fn end_first_poll() {
    let mut is_first = true;
    poll_fn(|task| {
        if !std::mem::take(&mut is_first) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::{
        DebugKind as _, FutureKind as _, OutcomeKind as _, Returned, ShownFutureKind as _,
    };

    /// As an expansion asks for it.
    macro_rules! outcome {
        ($returned:expr) => {{
            let returned = $returned;
            let kind = (&&&&Returned::of(&returned)).returned_kind();
            kind.outcome(returned).await
        }};
    }

    #[tokio::test]
    async fn an_error_that_is_none_is_shown_whether_it_is_awaited_or_not() {
        fn close() -> Result<(), (&'static str, u8)> {
            Err(("the client", 7))
        }
        for outcome in [outcome!(close()), outcome!(async { close() })] {
            assert_eq!(outcome.unwrap_err().to_string(), r#"("the client", 7)"#);
        }
    }

    #[tokio::test]
    async fn what_says_itself_how_it_ended_is_asked() {
        for outcome in [outcome!(false), outcome!(async { false })] {
            let error = outcome.unwrap_err().to_string();
            assert_eq!(error, "the close returned `false`");
        }
    }
}
