//! What the program has printed, and nobody reads.

use crate::erased::start_thread;
use crate::lock::{Lock, wait_while};
use std::io::Write as _;
use std::sync::{Arc, Condvar};
use std::time::Duration;

/// Writes what is buffered, but does not wait longer than `limit`.
///
/// At the exit the standard library would wait for a pipe that nobody reads for ever; but it
/// leaves out what is locked, and a thread that is stuck in this flush holds the lock.
pub(crate) fn flush_stdout(limit: Duration) {
    // A lock with a condition: no channel of std's is worth its size for one word.
    let flushed = Arc::new((Lock::new(false), Condvar::new()));
    let flush = {
        let flushed = flushed.clone();
        move || {
            drop(std::io::stdout().flush());
            let (is_done, done) = &*flushed;
            *is_done.lock() = true;
            done.notify_one();
        }
    };
    // Where no thread is to be had, the standard library does it.
    if start_thread("graceful-flush", flush).is_ok() {
        let (is_done, done) = &*flushed;
        let is_done = is_done.lock();
        wait_while(is_done, done, limit, |is_done| !*is_done);
    }
}
