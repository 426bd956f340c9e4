//! What the macros expand to, and all of it: an expansion imports this module alone, so that a wrong path of the crate is
//! one error. Not for use by hand: it may change with any release.
#![allow(
    missing_debug_implementations,
    reason = "nobody holds these, and each impl is compiled in every build"
)]

mod closer;
mod fields;
mod handed;
pub mod kinds;
mod method;
mod returned;
mod shared;
mod sharing;

use crate::shutdown::Closing;

pub use crate::at_request::{Lent, Loan, OnLoan};
pub use crate::context::Context;
pub use crate::entry::{
    AnyKind, Builder, Keeps, KeptKind, KeptResultKind, Main, MainPlan, MainReturn, ResultKind,
    Returns, StateKind, TerminationKind, TryStateKind, UnhandledPanic, UnknownKind,
};
pub use crate::forced::{Kept, LeavesClone};
pub use crate::never::{Never, Returning};
pub use crate::outcome::Result;
pub use crate::plan::{
    Constant, HoldsDuration, NoDuration, Plan, Step, assert_leaves_time, assert_within, constant,
    longer_than_zero, nanos, nested, nested_within, step, step_within, within,
};
pub use crate::reason::Signal;
pub use crate::settings::{EndBy, LeakedTasks, ReportWhen};
pub use crate::shutdown::{Close, CriticalTask, NoPlan, Parts, SharedShutdown, Shutdown, Watch};
pub use closer::{CallKind, Calls, CallsTwo, Closer, RefusedKind, TakesTwo};
pub use core;
pub use fields::{
    Closable, ClosedLast, DroppedLast, LastWordOf, NoCloseOfItsOwn, NotClosable, NotPlanned,
    PlanOf, Planned, Unplanned, forgotten, forgotten_by_name, forgotten_of_tokio_util, planned,
    planned_within,
};
pub use handed::{
    Handed, HandedAnyKind, HandedStateKind, HandedTryStateKind, NeedsNoClose, Passed, Unclosed,
};
pub use method::{CloseOfField, HasClose, Held, Whole, nothing};
pub use returned::{
    Awaited, AwaitedAndShown, DebugKind, FutureKind, OutcomeKind, Plain, Returned, Shown,
    ShownFutureKind, ShownOutcome,
};
pub use shared::{
    AnyFieldKind, ClonedKind, ClosesByClone, ClosesShared, Dropped, DroppedKind, Emptied,
    GivesClone, InVain, LastKind, NoShutdownKind, SharedField, Taken, TakenKind, TakenOut,
    clone_field,
};
pub use sharing::{
    ByClone, CloneKind, Cloneable, HeldKind, NotCloneable, SendFor, ShareFor, Sharing, hold,
    needs_clone, needs_share,
};
pub use std::future::Future;
pub use std::marker::Send;
pub use std::option::Option;
pub use std::process::ExitCode;
pub use std::sync::Arc;
pub use std::time::Duration;

/// Runs the function `main`.
#[track_caller]
pub fn main<F: Future>(builder: Builder, kind: impl Main<F::Output>, body: F) -> ExitCode {
    crate::entry::run_main(builder, kind, crate::entry::ProcessEnds::Now, body)
}

/// Runs the function `main` where its return type holds no state, and stays as it was written. The one at the root of a
/// program, and not of its tests, ends the process.
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "as it is made, which is by value where `main` returns a state"
)]
pub fn main_as_written<F: Future>(
    builder: Builder,
    kind: impl Keeps<F::Output>,
    (module, is_test): (&str, bool),
    body: F,
) -> F::Output {
    let process_ends = !is_test && !module.contains("::");
    crate::entry::run_as_written(builder, &kind, process_ends, body)
}

/// Runs any other function.
#[track_caller]
pub fn run<F: Future>(builder: Builder, body: F) -> F::Output {
    crate::entry::run(builder, body)
}

/// Runs a test.
#[track_caller]
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

/// The plan of a type. Generic, so that a plan which is wrong is not reported once more where it is used.
#[must_use]
pub const fn plan<S: Shutdown>() -> Plan {
    S::PLAN
}

/// Calls the closure of `at_request = …`, and lets it know its argument's type.
pub fn call_at_request<'a, T, F, R>(field: &'a T, act: F) -> R
where
    F: FnOnce(&'a T) -> R,
{
    act(field)
}

/// Calls the closure of `with = …`, and lets it know its arguments' types.
pub fn call_with<T, F, R>(value: T, cx: Context, close: F) -> R
where
    F: FnOnce(T, Context) -> R,
{
    close(value, cx)
}
