//! Nobody reads what is written, or the log never returns: the process ends all the same.

use crate::harness::{BUDGET, Program, Signal, ms};

on_each_flavor!(
    closed_outputs_change_nothing,
    closed_outputs_do_not_hide_a_fault,
    an_unread_standard_error_does_not_hold_the_exit,
    an_unread_standard_error_does_not_hold_a_short_stop,
    an_unread_standard_error_does_not_hold_a_failing_main,
    an_unread_standard_output_does_not_hold_the_exit,
    an_unread_standard_output_does_not_hold_the_forced_exit,
    a_log_that_blocks_does_not_hold_the_exit,
    a_log_that_panics_does_not_hold_the_exit,
    a_slow_log_is_waited_for,
    a_log_that_filters_us_does_not_hide_why_the_process_ended,
);

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

fn closed_outputs_change_nothing(flavor: &str) {
    let ended = Program::service(flavor, "none").reader_gone().stop();
    ended.code(0).at_once().closed(&ALL);
}

fn closed_outputs_do_not_hide_a_fault(flavor: &str) {
    let ended = Program::service(flavor, "hangs").reader_gone().stop();
    ended
        .code(1)
        .within(BUDGET)
        .closed(&["http", "guard", "cache", "db", "lease"]);
}

fn an_unread_standard_error_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "stderr floods")
        .reader_asleep()
        .stop();
    ended.code(0).within(BUDGET).closed(&ALL);
}

fn an_unread_standard_error_does_not_hold_a_short_stop(flavor: &str) {
    let ended = Program::body(flavor, "never asks while stderr floods, with nothing open")
        .with("GRACEFUL_TIMEOUT", "15s")
        .reader_asleep()
        .stop_when_quiet();
    ended.code(128 + 15).within(ms(500)).closed(&[]);
}

fn an_unread_standard_error_does_not_hold_a_failing_main(flavor: &str) {
    let ended = Program::body(flavor, "fails while stderr floods")
        .reader_asleep()
        .start()
        .end();
    ended.code(1).within(ms(200) + BUDGET).closed(&["lease"]);
}

fn an_unread_standard_output_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::body(flavor, "never asks, and stdout is full").stop_when_quiet();
    ended.code(128 + 15).at_once().closed(&["lease"]);
}

fn an_unread_standard_output_does_not_hold_the_forced_exit(flavor: &str) {
    let ended = Program::body(flavor, "asks and never ends, and stdout is full")
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready()
        .signal(Signal::Terminate)
        .after(ms(400))
        .signal(Signal::Terminate)
        .end();
    ended
        .code(143)
        .within(ms(400))
        .says(&["stopped after SIGTERM", "exit code 143"]);
}

fn a_log_that_blocks_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "the log blocks").stop();
    ended.code(0).at_once().closed(&ALL);
}

fn a_log_that_panics_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "the log panics").stop();
    ended.code(0).at_once().closed(&ALL);
}

/// The grace of 1 s is over, the deadline far away: the main thread has its time to say so.
fn a_slow_log_is_waited_for(flavor: &str) {
    let ended = Program::body(flavor, "fails while the log is slow")
        .with("GRACEFUL_TIMEOUT", "15s")
        .start()
        .end();
    ended
        .code(1)
        .not_before(ms(900))
        .within(ms(1700))
        .closed(&["lease"])
        .says(&["left behind: blocking work"])
        .says(&["Error: ", "no such table"])
        .does_not_say("blocks its thread");
}

fn a_log_that_filters_us_does_not_hide_why_the_process_ended(flavor: &str) {
    let ended = Program::new(flavor, "dependent", "it ends and the log is filtered")
        .start()
        .end();
    ended
        .code(1)
        .at_once()
        .says(&["critical task `consumer` ended"]);
}
