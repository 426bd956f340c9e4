//! Work in flight, of which the test sees how far it came.

use std::time::Duration;
use tokio::time::sleep;

/// The signal may come: whoever listens does so, and what is in flight has begun.
pub(crate) fn ready() {
    println!("ready");
}

/// Finished work is what a stop must not lose.
pub(crate) fn finished(what: &str) {
    println!("finished {what}");
}

/// What a program still does after it has heard a signal: a flush, the rest of an upload.
pub(crate) async fn finish(what: &str, takes: Duration) {
    sleep(takes).await;
    finished(what);
}

/// Long enough for whoever ends the process meanwhile to be seen.
pub(crate) const FLUSH: Duration = Duration::from_millis(300);
