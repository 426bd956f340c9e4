//! What the program has printed, and nobody reads.

use crate::thread;
use std::io::Write as _;
use std::time::Duration;

/// Writes what is buffered, but does not wait longer than `limit`.
///
/// At the exit the standard library would wait for a pipe that nobody reads for ever; but it
/// leaves out what is locked, and a thread that is stuck in this flush holds the lock.
pub(crate) fn flush_stdout(limit: Duration) {
    let flush = || drop(std::io::stdout().flush());
    // Where no thread is to be had, the standard library does it.
    drop(thread::run_within(limit, "graceful-flush", Box::new(flush)));
}
