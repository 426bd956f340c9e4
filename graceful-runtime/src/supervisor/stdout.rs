//! What the program has printed, and nobody reads.

use std::io::Write as _;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Writes what is buffered, but does not wait longer than `limit`.
///
/// At the exit the standard library would wait for a pipe that nobody reads for ever; but it
/// leaves out what is locked, and a thread that is stuck in this flush holds the lock.
pub(crate) fn flush_stdout(limit: Duration) {
    let (done, is_done) = mpsc::sync_channel(1);
    let flush = move || {
        drop(std::io::stdout().flush());
        // Whoever asked may have given up.
        let _ = done.send(());
    };
    let thread = thread::Builder::new().name("graceful-flush".to_owned());
    // Where no thread is to be had, the standard library does it.
    if thread.spawn(flush).is_ok() {
        let _ = is_done.recv_timeout(limit);
    }
}
