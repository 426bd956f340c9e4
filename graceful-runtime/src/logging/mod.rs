//! What there is to say of a stop, through `tracing` and to standard error: on a thread of its own, since a subscriber is
//! user code, and a pipe may be full.

mod event;
mod outputs;
#[cfg(feature = "spans")]
mod spans;
mod thread;
mod words;

pub(crate) use event::{LogEvent, report_to_stderr};
pub(crate) use thread::LogThread;
