//! The stop as OpenTelemetry and a log of JSON have it.

use crate::program;
use graceful::Signal;

#[test]
fn the_stop_is_a_span_with_a_child_for_each_step() {
    let mut process = program("traced").start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(1);
    for span in [
        "span close sender in shutdown: ok",
        "span close brokers.0 in close brokers: error",
        "span close brokers in shutdown: error",
        "span shutdown in nothing: error",
    ] {
        ended.assert_stdout(&[span]);
    }
}

#[test]
fn times_are_numbers_and_the_report_is_one_event() {
    let mut process = program("traced").start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Terminate).end();
    for field in ["budget_ms", "limit_ms", "took_ms", "total_ms", "exit_code"] {
        ended.assert_stdout(&["a number: ", field]);
    }
    ended
        .assert_stdout(&["a text: error=connection reset by peer"])
        .assert_stdout(&["a text: causes=brokers.0 failed"])
        .assert_stdout(&["a text: status=unclean"])
        // The summary, and a line for each of its three steps.
        .assert_stdout(&["4 lines: stopped after SIGTERM in "]);
    let count = |words| ended.stdout.matches(words).count();
    assert_eq!(count("a number: total_ms"), 1, "{ended}");
    assert_eq!(count("stopped after "), 1, "{ended}");
}
