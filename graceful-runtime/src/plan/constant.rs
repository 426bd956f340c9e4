//! Durations that stand in constants of the program's: read where the compiler evaluates them, so that a plan with one is
//! proven as one with words is.

use super::nanos::Nanos;
use super::text::Text;
use crate::duration::parse;
use std::time::Duration;

/// What a constant holds, told apart by its type.
#[derive(Debug)]
pub struct Constant<T>(T);

/// What is in a constant.
pub const fn constant<T: HoldsDuration>(value: T) -> Constant<T> {
    Constant(value)
}

/// The types that a limit's constant may have.
#[diagnostic::on_unimplemented(
    message = "a constant of the type `{Self}` is no duration",
    label = "has to be a `Duration`, or a `&str` like \"5s\""
)]
pub trait HoldsDuration {}

impl HoldsDuration for Duration {}
impl HoldsDuration for &str {}

impl Constant<Duration> {
    /// The duration itself.
    pub const fn read(self) -> Duration {
        self.0
    }
}

impl Constant<&str> {
    /// The duration that the words stand for.
    ///
    /// # Panics
    ///
    /// If they are none.
    #[track_caller]
    pub const fn read(self) -> Duration {
        match parse(self.0) {
            Ok(duration) => duration,
            Err(why) => {
                let [before, written, behind] = why.words();
                let text = Text::new()
                    .str("\"")
                    .str(self.0)
                    .str("\" is no duration: ")
                    .str(before)
                    .str(written)
                    .str(behind)
                    .str("; write a number and a unit, like \"5s\"");
                panic!("{}", text.as_str())
            }
        }
    }
}

/// Of any other type, which has been refused: what it does not have would be one more error.
pub trait NoDuration: Sized {
    /// Never called.
    fn read(self) -> Duration {
        Duration::ZERO
    }
}

impl<T> NoDuration for Constant<T> {}

/// Refuses a limit that leaves no time at all.
///
/// # Panics
///
/// If it is zero.
#[track_caller]
pub const fn longer_than_zero(limit: Duration) -> Duration {
    assert!(
        !limit.is_zero(),
        "a timeout of zero leaves no time at all: remove it, or give the constant a longer one"
    );
    limit
}

/// In nanoseconds, as steps are given it.
pub const fn nanos(limit: Duration) -> u64 {
    Nanos::of(limit).0
}

/// Refuses durations of `main` that leave each other no time, and a stop that is longer than the platform waits. The
/// last one is compared with none, and has been read when it is given.
///
/// # Panics
///
/// If they do, or it is.
#[track_caller]
pub const fn assert_leaves_time(
    timeout: Duration,
    delay: Duration,
    grace: Option<(Duration, Duration)>,
    _blocking_grace: Duration,
) {
    if delay.as_nanos() >= timeout.as_nanos() {
        let text = Text::new()
            .str("the delay of ")
            .duration(delay)
            .str(" leaves nothing of the timeout of ")
            .duration(timeout)
            .str(": make it shorter");
        panic!("{}", text.as_str());
    }
    let Some((grace, pre_stop)) = grace else {
        return;
    };
    if timeout.saturating_add(pre_stop).as_nanos() > grace.as_nanos() {
        let text = Text::new()
            .str("a timeout of ")
            .duration(timeout)
            .str(" is longer than the platform waits before it kills, ")
            .duration(grace)
            .str(" less ")
            .duration(pre_stop)
            .str(" for its hook: make it shorter");
        panic!("{}", text.as_str());
    }
}
