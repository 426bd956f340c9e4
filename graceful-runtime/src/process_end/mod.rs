//! The end of the process: by itself, of a signal, or by force.

mod forced_exit;
mod stdout;
mod watch;
mod way_out;

pub(crate) use forced_exit::{end_hanging_exit, end_process};
pub(crate) use stdout::flush_stdout;
pub(crate) use way_out::die_of;
