//! A queue inside the process, whose service gets a real signal.

use crate::kit::{Journal, program};
use graceful::Signal;
use std::time::Duration;

#[test]
fn all_that_was_accepted_is_processed_where_the_service_is_stopped_under_load() {
    let journal = Journal::new();
    let mut service = program("queue", "consumer", 0)
        .env("JOURNAL", journal.path())
        .start();
    service.wait_for_line("ready");
    let ended = service
        .after(Duration::from_millis(300))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(Duration::from_secs(5));
    ended.assert_stdout(&[&format!("accepted {}", journal.len())]);
    assert_eq!(journal.books().duplicates(), 0);
}
