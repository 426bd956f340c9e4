//! The end of the main thread and of the process: watched, and forced where it does not come.

mod forced_exit;
mod stdout;
mod watch;
mod way_out;

pub(crate) use forced_exit::{end_hanging_exit, end_process};
pub(crate) use stdout::flush_stdout;
pub(crate) use way_out::die_of;
