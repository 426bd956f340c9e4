//! The thread that nothing of the user's can make late: it owns the signals, the phases, every
//! deadline and the forced exit.

mod escalation;
mod forced_exit;
mod foreign_threads;
mod inherited;
mod leaked_tasks;
mod log_event;
#[cfg(feature = "spans")]
mod log_spans;
mod log_thread;
mod main_body;
mod moments;
mod outputs;
mod publish;
mod record;
mod registry;
mod report;
mod serving_body;
mod signals;
mod stdout;
mod supervisor;
mod thread;
mod watch;
mod way_out;

pub(crate) use moments::{LastWords, register_at_request, register_last_words};
pub(crate) use serving_body::{SERVING, Serving};
pub(crate) use supervisor::{EXIT_MARGIN, LOG_FLUSH_BUDGET, Supervisor};
pub(crate) use thread::{Clock, MainGuard, supervise};
