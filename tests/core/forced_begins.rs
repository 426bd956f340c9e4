//! Once a second signal has forced the exit, what has not begun is not begun any more: the report has said so, and the last words
//! are closed.

use crate::ms;
use crate::program::Program;
use graceful::Signal;
use std::fs;

on_each_flavor!(
    what_has_not_begun_stays_so_behind_a_second_signal,
    what_was_deferred_is_not_begun_behind_a_second_signal,
);

fn what_has_not_begun_stays_so_behind_a_second_signal(flavor: &str) {
    nothing_begins(flavor, "a field ends behind the report");
}

fn what_was_deferred_is_not_begun_behind_a_second_signal(flavor: &str) {
    nothing_begins(flavor, "what was deferred ends behind the report");
}

fn nothing_begins(flavor: &str, case: &str) {
    let folder = tempfile::tempdir().expect("a folder is to be had");
    let record = folder.path().join("report.json");
    let mut process = Program::new(flavor, case).record(&record).start();
    process.wait_for_line("ready");
    process.signal(Signal::Terminate);
    process.wait_for_line("begun: http");
    // A request of its own, however late a busy machine tells of the first one.
    process.after(ms(300)).signal(Signal::Terminate);
    let ended = process.end();
    ended.assert_code(143);
    for line in ["ended: http", "last word"] {
        assert!(ended.stdout.lines().any(|said| said == line), "{ended}");
    }
    assert!(!ended.stdout.contains("db"), "{ended}");
    let record = fs::read_to_string(record).expect("it is written");
    for outcome in [
        r#""name":"http","outcome":"still_running""#,
        r#""name":"db","outcome":"not_started""#,
    ] {
        assert!(record.contains(outcome), "no {outcome}: {record}");
    }
}
