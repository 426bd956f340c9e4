//! What the macros expand to. Not for use by hand: it may change with any release.
#![allow(
    missing_debug_implementations,
    reason = "nobody holds these, and each impl is compiled in every build"
)]

mod fields;
mod handed;
mod returned;
mod shared;

use crate::Builder;
use crate::context::Context;
use crate::shutdown::{Closing, Shutdown};

pub use crate::entry::{
    AnyKind, Main, MainPlan, MainReturn, ResultKind, Returns, StateKind, TerminationKind,
    TryStateKind, UnhandledPanic,
};
pub use crate::plan::{assert_within, nested, nested_within, step, step_within, within};
pub use crate::shutdown::{Close, CriticalTask, NoPlan, Parts, Watch};
pub use core;
pub use fields::{
    Closable, NotClosable, NotPlanned, PlanOf, Planned, Unplanned, forgotten,
    forgotten_of_tokio_util, forgotten_tasks, planned, planned_within,
};
pub use handed::{
    Handed, HandedAnyKind, HandedStateKind, HandedTryStateKind, NeedsNoClose, Never, Passed,
    Returning, Unclosed,
};
pub use returned::{
    Awaited, AwaitedAndShown, DebugKind, FutureKind, OutcomeKind, Plain, Returned, Shown,
    ShownFutureKind, ShownOutcome,
};
pub use shared::{
    AnyFieldKind, CloneKind, Cloneable, ClonedKind, ClosesByClone, ClosesShared, DroppedKind,
    Emptied, GivesClone, HeldKind, InVain, NoShutdownKind, NotCloneable, SendFor, ShareFor,
    SharedField, Sharing, Taken, TakenKind, TakenOut, clone_field, drop_shared, hold, needs_clone,
    needs_share,
};
pub use std::future::Future;
pub use std::marker::Send;
pub use std::option::Option;
pub use std::process::ExitCode;
pub use std::sync::Arc;
pub use std::time::Duration;

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

/// Closes what is taken apart for that. A call of the method itself would ask once more for the trait's own bounds.
pub fn close<S: Shutdown>(value: S, cx: Context) -> Closing {
    value.__graceful_close(None).run(cx)
}

/// Calls the path or the closure of `with = …`, and lets it know its arguments' types.
pub fn call_with<T, F, R>(value: T, cx: Context, close: F) -> R
where
    F: FnOnce(T, Context) -> R,
{
    close(value, cx)
}
