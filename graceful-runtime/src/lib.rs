//! The runtime of [`graceful-app`](https://docs.rs/graceful-app): what its macros expand to, usable
//! without them. Programs depend on `graceful-app`, which re-exports everything here.
//!
//! From the top floor down, none of which looks up:
//!
//! - `testing`: what tests of a program need, with the feature `test-util`
//! - `private`: what the macros expand to
//! - `entry`: from the first line of `main` to its exit code
//! - `supervise`: the supervisor's thread, and the lifecycles of one process
//! - `steps`: the steps of a value, by hand
//! - `at_request`, `last_words`: what few programs ask for at other moments of the stop, and are linked with then alone
//! - `process_end`: the end of the main thread and of the process, forced where it does not come
//! - `stop`: the course of a stop, to its last close
//! - `logging`, `publishing`, `signals`: what is said of a stop; where its report goes; what asks for it
//! - `forced`: a step that is closed by force where it does not end by itself
//! - `sequence`: closes the steps of a group, each when its turn has come and within its limit
//! - `lifecycle`: where a process stands, for everybody in it
//! - `types`, `tracker`, `drain`: what can be closed out of the box; work in flight
//! - `shutdown`, `context`, `group_handle`, `step_state`: the traits, the steps of a value, and what a close
//!   may ask
//! - `plan`, `outcome`, `report`, `reason`, `phase`, `settings`, `exit_payload`, `never`: what will happen, and what happened
//! - `field_limits`: what the environment says of single fields
//! - `executor`: polls tasks that may block, on threads of its own; it knows nothing of steps
//! - `fault`: what a test wants to go wrong
//! - `format`, `duration`, `log`, `lock`, `latch`, `futures`, `thread`, `thread_state`: what knows nothing of the above

#![cfg_attr(docsrs, feature(doc_cfg))]

mod at_request;
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
mod lifecycle;
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
#[cfg(any(feature = "field-limits", feature = "test-util"))]
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
