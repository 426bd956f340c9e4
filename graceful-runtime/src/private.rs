//! What the macros expand to. Not for use by hand: it may change with any release.

use crate::context::Context;
use crate::outcome::{IntoOutcome, Result};
use crate::plan::Plan;
use crate::shutdown::Shutdown;
use std::fmt::Debug;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::pin;

pub use crate::entry::{
    AnyKind, Main, MainPlan, ResultKind, Returns, StateKind, TerminationKind, TryStateKind,
    UnhandledPanic,
};
pub use core;
pub use std::future::Future;
pub use std::marker::Send;
pub use std::process::ExitCode;
pub use std::time::Duration;

use crate::Builder;

/// Runs the function `main`.
pub fn main<F: Future>(builder: Builder, kind: impl Main<F::Output>, body: F) -> ExitCode {
    crate::entry::run_main(builder, kind, body)
}

/// Runs any other function.
pub fn run<F: Future>(builder: Builder, body: F) -> F::Output {
    crate::entry::run(builder, body)
}

/// Runs a test.
pub fn test<F: Future>(builder: Builder, body: F) -> F::Output {
    crate::entry::run_test(builder, Box::pin(body))
}

/// `start_paused = true`.
pub fn start_paused(builder: Builder, paused: bool) -> Builder {
    #[cfg(feature = "test-util")]
    let builder = crate::entry::start_paused(builder, paused);
    #[cfg(not(feature = "test-util"))]
    let _ = paused;
    builder
}

/// `unhandled_panic = "…"`.
pub fn unhandled_panic(builder: Builder, policy: UnhandledPanic) -> Builder {
    #[cfg(tokio_unstable)]
    let builder = crate::entry::unhandled_panic(builder, policy);
    #[cfg(not(tokio_unstable))]
    let _ = policy;
    builder
}

/// Refuses `start_paused` at compile time where tokio could not do it.
#[track_caller]
pub const fn needs_test_util() {
    #[cfg(not(feature = "test-util"))]
    panic!("`start_paused` needs the feature `test-util` of `graceful-app`");
}

/// Refuses `unhandled_panic` at compile time where tokio could not do it.
#[track_caller]
pub const fn needs_tokio_unstable() {
    #[cfg(not(tokio_unstable))]
    panic!("`unhandled_panic` needs `--cfg tokio_unstable` in RUSTFLAGS");
}

/// The plan of a field's type, a leaf where it has none: the missing implementation is reported
/// elsewhere, and once.
#[derive(Debug)]
pub struct PlanOf<T>(PhantomData<T>);

impl<S: Shutdown> PlanOf<S> {
    /// Shadows the trait's constant.
    pub const PLAN: Plan = S::PLAN;
}

/// The plan of what can't be closed.
pub trait NoPlan {
    /// Nothing.
    const PLAN: Plan = Plan::LEAF;
}

impl<T> NoPlan for PlanOf<T> {}

/// Whether a field's type can be closed.
#[derive(Debug)]
pub struct Closable<T>(PhantomData<T>);

impl<S: Shutdown> Closable<S> {
    /// Shadows the trait's constant.
    pub const YES: bool = true;
}

/// What can't be closed.
pub trait NotClosable {
    /// It can't.
    const YES: bool = false;
}

impl<T> NotClosable for Closable<T> {}

/// Refuses, at compile time, a field that would be forgotten.
#[track_caller]
pub const fn forgotten(closable: bool, message: &str) {
    assert!(!closable, "{}", message);
}

/// What a closing method returned: told apart by how many references the call looks through.
#[derive(Debug)]
pub struct Returned<T>(PhantomData<T>);

impl<T> Returned<T> {
    /// Of this value.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

/// A future of something that says whether it closed.
pub trait FutureKind {
    /// The kind.
    fn returned_kind(&self) -> Awaited {
        Awaited
    }
}

impl<F: Future<Output: IntoOutcome>> FutureKind for &&Returned<F> {}

/// A value that says whether it closed.
pub trait OutcomeKind {
    /// The kind.
    fn returned_kind(&self) -> Plain {
        Plain
    }
}

impl<T: IntoOutcome> OutcomeKind for &Returned<T> {}

/// A result whose error is none: `(Self, Error)`, from closes that give the value back.
pub trait DebugKind {
    /// The kind.
    fn returned_kind(&self) -> Shown {
        Shown
    }
}

impl<T> DebugKind for Returned<T> {}

/// Awaits it.
#[derive(Debug)]
pub struct Awaited;

/// Takes it as it is.
#[derive(Debug)]
pub struct Plain;

/// Shows its error.
#[derive(Debug)]
pub struct Shown;

impl Awaited {
    /// The outcome of the close.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub async fn outcome<F: Future<Output: IntoOutcome>>(self, returned: F) -> Result {
        pin!(returned).await.into_outcome()
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
    label = "the closing method returns this",
    note = "a close returns `()`, `bool`, a `Result` of these, or a future of one; for anything else write `#[shutdown(with = |value, cx| async move {{ … }})]`"
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

/// Calls the path or the closure of `with = …`, and lets it know its arguments' types.
pub fn call_with<T, F, R>(value: T, cx: Context, close: F) -> R
where
    F: FnOnce(T, Context) -> R,
{
    close(value, cx)
}
