//! The runtime of [`graceful-app`](https://docs.rs/graceful-app): what its macros expand to, usable
//! without them. Programs depend on `graceful-app`, which re-exports everything here.
//!
//! `docs/architecture.md` in the repository has the map of its files: floors, of which none looks up.

#![cfg_attr(docsrs, feature(doc_cfg))]
// They panic where the reader is gone.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

// First, since rustdoc keeps the order: the pages of its types begin with what it has of them.
mod lifecycle;

mod at_request;
mod autoref;
mod contained;
mod context;
mod drain;
mod duration;
mod entry;
mod executor;
mod exit_payload;
#[cfg(feature = "test-util")]
mod fault;
#[cfg(feature = "field-limits")]
mod field_limits;
mod forced;
mod format;
mod futures;
mod group_handle;
mod last_words;
mod latch;
mod lock;
mod log;
mod logging;
mod never;
mod outcome;
mod phase;
mod plan;
#[doc(hidden)]
pub mod private;
mod process_end;
mod publishing;
mod reason;
mod report;
mod sequence;
mod settings;
mod shutdown;
mod signals;
mod similar;
mod step_state;
mod steps;
mod stop;
mod supervise;
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
pub mod testing;
#[cfg(test)]
mod tests;
mod thread;
mod thread_state;
mod tracker;
mod types;

pub use context::Context;
pub use drain::{Drain, Summary, drain};
pub use entry::{Builder, Embedded};
pub use last_words::last_word;
pub use lifecycle::{
    Critical, Deferred, Handle, NoLifecycle, Requested, Resource, Scope, Shield, critical, defer,
    draining, exit, is_requested, manage, on_report, request, requested, resource, shield,
    until_requested,
};
pub use outcome::{Error, Failure, IntoOutcome, Outcome, Result};
pub use phase::Phase;
pub use plan::{Mermaid, Plan, Step};
pub use reason::{Reason, Signal};
pub use report::{Cause, CauseKind, LeftBehind, Report, ShutdownError, StepReport};
pub use settings::{EndBy, LeakedTasks, ReportWhen};
pub use shutdown::{Closing, SharedShutdown, Shutdown};
pub use steps::Steps;
pub use thread_state::ThreadState;
pub use tracker::{Guard, InFlight, ShuttingDown, Tracker};
