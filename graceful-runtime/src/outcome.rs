//! How a step ended, and what a close may return to say so.

use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a close may fail with: any error, also `anyhow`'s and a plain text (`"…".into()`).
pub type Error = Box<dyn StdError + Send + Sync + 'static>;

/// What a close returns: `Result` for most, since both parameters have defaults.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It closed.
    Closed,
    /// It returned an error.
    Failed(Failure),
    /// It panicked, with this message.
    Panicked(String),
    /// It had not ended at its limit, and was left behind.
    TimedOut,
    /// It had not ended near its limit, and was closed by its `force`: what came of that.
    Forced(Box<Outcome>),
    /// The total deadline had passed before it could begin.
    NotStarted,
    /// There was nothing to close: an `Option` that is `None`.
    Skipped,
    /// It had not ended when the process was ended by force.
    Running,
}

impl Outcome {
    /// Whether nothing is lost: closed, or nothing to close.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        matches!(self, Self::Closed | Self::Skipped)
    }

    /// One word or two, without the error's text: `timed out`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Failed(_) => "failed",
            Self::Panicked(_) => "panicked",
            Self::TimedOut => "timed out",
            Self::Forced(_) => "forced",
            Self::NotStarted => "not started",
            Self::Skipped => "nothing to close",
            Self::Running => "still running",
        }
    }

    /// What the error or the panic said.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(failure) => Some(&failure.0.message),
            Self::Panicked(message) => Some(message),
            Self::Forced(forced) => forced.message(),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        if let Self::Forced(forced) = self {
            return match **forced {
                Self::Closed => Ok(()),
                ref forced => write!(f, ", and that {forced}"),
            };
        }
        match self.message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

/// The error of a step that failed.
///
/// Its text, sources included, is taken where the step ran: a `Display` that blocks or panics
/// can't hold up the report.
#[derive(Clone, Debug)]
pub struct Failure(Arc<Told>);

#[derive(Debug)]
struct Told {
    message: String,
    error: Error,
}

impl Failure {
    /// The failure with this error, whose text is taken now.
    pub fn new(error: Error) -> Self {
        Self(Arc::new(Told {
            message: with_sources(&*error),
            error,
        }))
    }

    /// The error that the close returned.
    pub fn error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0.error
    }
}

/// Equal where they say the same: errors themselves can't be compared.
impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        self.0.message == other.0.message
    }
}

impl Eq for Failure {}

pub(crate) fn with_sources(error: &dyn StdError) -> String {
    let mut text = format!("{error}");
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = format!("{cause}");
        // Many errors repeat their source in their own text.
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// The end of a task that nobody expected, in words: told also where the error's own text panics.
pub(crate) fn how_it_ended(outcome: &Result) -> String {
    let Err(error) = outcome else {
        return "ended".to_owned();
    };
    match catch_unwind(AssertUnwindSafe(|| with_sources(&**error))) {
        Ok(text) => format!("failed: {text}"),
        Err(payload) => format!(
            "failed, and its error panicked when it was shown: {}",
            caught(payload)
        ),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// What a close may return: turned into a [`Result`], and so into an [`Outcome`].
///
/// For `()`, `bool` (`false` is a failure), results of all of these, nested ones included (a task's
/// `Result<Result<_, _>, JoinError>`), a child's `ExitStatus`, and plain values, which say nothing
/// of a failure. Implement it for a type of your own that a task or a close returns.
///
/// ```
/// use graceful::IntoOutcome;
///
/// assert!(true.into_outcome().is_ok());
/// assert!(Err::<(), _>("broken pipe").into_outcome().is_err());
/// assert!(Ok::<_, &str>(Err::<u8, _>("inner")).into_outcome().is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a close succeeded",
    label = "not `()`, `bool` or a `Result` of these",
    note = "return one of these, or implement `graceful::IntoOutcome` for `{Self}`"
)]
pub trait IntoOutcome {
    /// Whether it closed.
    ///
    /// # Errors
    ///
    /// What went wrong, where something did.
    fn into_outcome(self) -> Result;
}

impl IntoOutcome for bool {
    fn into_outcome(self) -> Result {
        if self {
            Ok(())
        } else {
            Err("the close returned `false`".into())
        }
    }
}

impl<T: IntoOutcome, E: Into<Error>> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Result {
        self.map_err(Into::into)?.into_outcome()
    }
}

impl<T: IntoOutcome> IntoOutcome for Option<T> {
    fn into_outcome(self) -> Result {
        self.map_or(Ok(()), T::into_outcome)
    }
}

impl IntoOutcome for std::process::ExitStatus {
    fn into_outcome(self) -> Result {
        if self.success() {
            Ok(())
        } else {
            Err(format!("the process ended with {self}").into())
        }
    }
}

impl IntoOutcome for std::convert::Infallible {
    fn into_outcome(self) -> Result {
        match self {}
    }
}

macro_rules! says_nothing {
    ($($ty:ty)*) => {$(
        impl IntoOutcome for $ty {
            fn into_outcome(self) -> Result {
                Ok(())
            }
        }
    )*};
}

says_nothing! {
    () char String u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64
    std::time::Duration std::time::Instant
}

/// Of several, as `join_all` returns them: the first error, and how many there are.
impl<T: IntoOutcome> IntoOutcome for Vec<T> {
    fn into_outcome(self) -> Result {
        let total = self.len();
        let mut failed = self.into_iter().filter_map(|one| one.into_outcome().err());
        let Some(first) = failed.next() else {
            return Ok(());
        };
        match failed.count() {
            0 => Err(first),
            more => Err(format!("{} of {total} failed, the first one: {first}", more + 1).into()),
        }
    }
}

/// The message of a panic, where it has one.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&'static str>()
        .map(|s| (*s).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

/// The error of a task that panicked, with its message.
#[derive(Debug)]
pub(crate) struct PanicError(pub(crate) String);

impl fmt::Display for PanicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.0)
    }
}

impl StdError for PanicError {}

/// An outcome that is known already, on its way to its step.
#[derive(Debug)]
pub(crate) struct EndedAs(pub(crate) Outcome);

impl fmt::Display for EndedAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for EndedAs {}

/// Takes the message of a panic that goes no further.
pub(crate) fn caught(payload: Box<dyn std::any::Any + Send>) -> String {
    let message = panic_message(&*payload);
    // A payload is the user's value, and its `Drop` may panic again.
    std::mem::forget(payload);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_sources_once() {
        let inner = std::io::Error::other("disk full");
        let outer = std::io::Error::other(inner);
        assert_eq!(Failure::new(outer.into()).to_string(), "disk full");
    }

    #[test]
    fn a_panic_message_is_kept() {
        let payload = catch_unwind(|| panic!("code {}", 42)).unwrap_err();
        assert_eq!(caught(payload), "code 42");
    }

    #[test]
    fn of_several_results_the_first_error_is_told_and_the_others_counted() {
        let closed: Vec<Result<(), &str>> = vec![Ok(()), Ok(())];
        assert!(closed.into_outcome().is_ok());
        let failed = vec![Err("lost 3 messages"), Ok(()), Err("timed out")];
        let error = failed.into_outcome().unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 of 3 failed, the first one: lost 3 messages"
        );
    }
}
