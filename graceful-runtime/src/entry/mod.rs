//! What `#[graceful::main]` and `#[graceful::test]` expand to.

mod body;
mod builder;
mod embedded;
mod environment;
#[cfg(feature = "plan")]
mod plan;
mod returns;
mod run;
mod runtime;
mod test;

pub use builder::Builder;
#[cfg(feature = "test-util")]
pub(crate) use builder::start_paused;
#[cfg(tokio_unstable)]
pub(crate) use builder::unhandled_panic;
pub use embedded::Embedded;
pub use returns::{
    AnyKind, Keeps, KeptKind, KeptResultKind, Main, MainPlan, MainReturn, ResultKind, Returns,
    StateKind, TerminationKind, TryStateKind, UnknownKind,
};
pub(crate) use run::{ProcessEnds, run, run_as_written, run_main};
pub use runtime::UnhandledPanic;
pub(crate) use test::run_test;
#[cfg(test)]
pub(crate) use {body::Ended, test::live};
