//! What the program has printed, and nobody reads.

use std::io::Write as _;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

/// Writes what is buffered, but does not wait longer than `limit`.
///
/// At the exit the standard library would wait for a pipe that nobody reads for ever; but it
/// leaves out what is locked, and a thread that is stuck in this flush holds the lock.
pub(crate) fn flush_stdout(limit: Duration) {
    let (sender, flushed) = sync_channel(1);
    let flush = move || {
        drop(std::io::stdout().flush());
        // Whoever has waited long enough is gone.
        let _ = sender.send(());
    };
    let thread = thread::Builder::new().name("graceful-flush".to_owned());
    // Where no thread is to be had, the standard library does it.
    if thread.spawn(flush).is_ok() {
        let _ = flushed.recv_timeout(limit);
    }
}
