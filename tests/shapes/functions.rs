//! Functions that are not `main`.

use crate::shapes::{QUIET, Said as _};
use graceful::Signal;
use graceful::testing::{Ended, Pipe, Process, Program};
use std::time::Duration;

/// Longer than what counts as one request.
const APART: Duration = Duration::from_millis(400);

const CLOSED: [&str; 2] = ["closed http", "closed db"];

fn start(row: &str) -> Process {
    crate::shapes::start(env!("CARGO_BIN_EXE_functions"), row)
}

fn signalled(row: &str) -> Ended {
    start(row)
        .expect_line("ready")
        .signal(Signal::Terminate)
        .end()
}

#[test]
fn the_caller_gets_the_value_after_the_closes() {
    signalled("value").assert_code(7).said(&[
        CLOSED[0],
        CLOSED[1],
        r#"returned ["n 1", "n 2", "40"]"#,
        "the caller goes on",
    ]);
}

#[test]
fn the_value_may_borrow_from_self() {
    let ended = signalled("reference");
    ended
        .assert_code(7)
        .said(&[CLOSED[0], CLOSED[1], "returned 41", "the caller goes on"]);
}

/// On a busy machine no thread runs for as long: who has been woken has heard.
#[test]
fn one_that_was_woken_returns_however_late_its_thread_is() {
    let ended = signalled("on a busy thread");
    ended
        .assert_code(7)
        .said(&[CLOSED[0], CLOSED[1], "returned 40", "the caller goes on"]);
}

#[test]
fn one_in_the_middle_of_a_poll_may_still_ask() {
    let ended = signalled("in a long poll");
    ended
        .assert_code(7)
        .said(&[CLOSED[0], CLOSED[1], "returned 40", "the caller goes on"]);
}

#[test]
fn a_function_that_never_asks_ends_the_process() {
    let mut process = start("never asks");
    process.expect_line("ready").after(QUIET);
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(0).said(&CLOSED);
}

#[test]
fn an_exit_ends_the_process_and_not_the_function() {
    start("exit in a task").end().assert_code(9).said(&CLOSED);
    start("exit with 0 in a task")
        .end()
        .assert_code(0)
        .said(&CLOSED);
}

#[test]
fn an_error_is_the_callers() {
    let ended = start("error").end();
    ended.assert_code(7).said(&[
        CLOSED[0],
        CLOSED[1],
        "returned no disk",
        "the caller goes on",
    ]);
}

#[test]
fn a_panic_is_the_callers() {
    let ended = start("panic").end();
    ended
        .assert_code(7)
        .said(&[CLOSED[0], CLOSED[1], "panicked true", "the caller goes on"]);
}

/// Its threads are not taken for those of a library that may have heard of the signal.
#[test]
fn what_is_told_to_tokios_builder_holds() {
    let mut process = start("named threads");
    process
        .expect_line("a task: named true, requested false")
        .expect_line("blocking work: named true, requested false")
        .expect_line("ready")
        .after(QUIET);
    let ended = process.signal(Signal::Terminate).end();
    ended
        .assert_code(143)
        .assert_stderr(&["`main` showed no sign of having heard of SIGTERM"]);
}

#[test]
fn threads_may_have_a_start_of_their_own() {
    let mut process = start("threads with a start of their own");
    process
        .expect_line("a thread starts")
        .expect_line("a task: named false, requested false")
        .expect_line("blocking work: named false, requested false")
        .expect_line("ready")
        .after(QUIET);
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(143);
}

/// What the process ends with is up to the caller.
#[test]
fn a_report_names_no_exit_code_where_the_function_returns() {
    let ended = signalled("fails to close");
    ended
        .assert_code(7)
        .said(&["returned a value", "the caller goes on"])
        .assert_stderr(&["stopped after SIGTERM", "1 failed"]);
    assert!(!ended.stderr.contains("exit code"), "{ended}");
}

#[test]
fn one_that_ends_clean_does_not_hide_that_another_did_not() {
    for order in ["first", "last"] {
        let mut process = start(&format!("at once, and the {order} one fails to close"));
        process.expect_line("ready").expect_line("ready");
        let ended = process.after(QUIET).signal(Signal::Terminate).end();
        ended.assert_code(1).said(&["closed clean"]);
        assert!(ended.stderr.contains("exit code 1)"), "{ended}");
    }
}

/// The line of the first one promises that.
#[test]
fn a_second_signal_forces_the_exit_where_the_function_has_returned() {
    let mut process = start("beside a main that never ends");
    process.expect_line("ready").signal(Signal::Terminate);
    process
        .expect_line("closed beside")
        .expect_line("returned beside")
        .after(APART);
    let ended = process.signal(Signal::Interrupt).end();
    ended
        .assert_code(130)
        .assert_stderr(&["a second signal, SIGINT: the exit is forced"]);
}

#[test]
fn a_second_signal_forces_the_exit_also_where_nobody_reads_of_it() {
    let mut process = Program::new(env!("CARGO_BIN_EXE_functions"))
        .arg("beside a main that never ends, and nobody reads")
        .stderr(Pipe::Unread)
        .start();
    process.expect_line("ready").signal(Signal::Terminate);
    process
        .expect_line("closed beside")
        .expect_line("returned beside")
        .after(APART);
    process.signal(Signal::Interrupt).end().assert_code(130);
}

#[test]
fn a_second_signal_is_one_that_still_closes_beside_it() {
    let mut process = start("two beside a main that never ends");
    process
        .expect_line("ready")
        .expect_line("ready")
        .after(QUIET)
        .signal(Signal::Terminate);
    process
        .expect_line("closed fast")
        .expect_line("returned fast")
        .after(APART);
    let ended = process.signal(Signal::Interrupt).end();
    ended
        .assert_code(130)
        .assert_stderr(&["forced by a second signal, SIGINT", "1 still running"]);
    assert!(!ended.stderr.contains("has returned"), "{ended}");
}

/// Each has signals of its own: one that has been dealt with is not seen by the next.
#[test]
fn called_several_times() {
    for between in [Duration::ZERO, APART] {
        let mut process = start("several times");
        for _ in 0..3 {
            process
                .expect_line("ready")
                .after(between)
                .signal(Signal::Interrupt);
            process.expect_line(CLOSED[0]).expect_line(CLOSED[1]);
        }
        process.expect_line("returned 43").end().assert_code(7);
    }
}

/// Each of the three that run at once closes, in whatever order a machine that stands still lets them; what is said behind that.
fn each_closes(ended: &Ended) -> Vec<&str> {
    let mut said = ended.stdout.lines().filter(|line| *line != "ready");
    let mut closed: Vec<&str> = said.by_ref().take(3).collect();
    closed.sort_unstable();
    assert_eq!(
        closed,
        ["closed fast", "closed here", "closed slow"],
        "{ended}"
    );
    said.collect()
}

#[test]
fn called_from_several_threads_at_once() {
    let mut process = start("at once");
    process
        .expect_line("ready")
        .expect_line("ready")
        .expect_line("ready")
        .signal(Signal::Terminate);
    let ended = process.end();
    ended.assert_code(7);
    let lines = each_closes(&ended);
    assert_eq!(
        lines,
        [
            "returned here",
            "returned fast",
            "returned slow",
            "the caller goes on",
        ],
        "{ended}"
    );
}

#[test]
fn at_once_and_none_asks() {
    let mut process = start("at once, and none asks");
    process
        .expect_line("ready")
        .expect_line("ready")
        .expect_line("ready")
        .after(QUIET)
        .signal(Signal::Terminate);
    let ended = process.end();
    ended.assert_code(0);
    assert_eq!(each_closes(&ended), [""; 0], "{ended}");
}

#[test]
fn at_once_and_one_exits() {
    let ended = start("at once, and one exits").end();
    ended.assert_code(9);
    for line in ["closed exit", "closed slow"] {
        assert!(ended.stdout.lines().any(|said| said == line), "{ended}");
    }
}

/// Each keeps its own deadline.
#[test]
fn who_exits_waits_beyond_its_own_deadline_for_those_beside_it() {
    let ended = start("at once, and one exits long before the other has closed").end();
    ended.assert_code(9);
    assert!(ended.stdout.contains("closed slow"), "{ended}");
}

#[test]
fn a_signal_is_those_that_still_close_beside_the_one_that_exits() {
    let mut process = start("at once, and one exits long before the other has closed");
    process
        .expect_line("ready")
        .expect_line("exits")
        .after(APART);
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(9);
    assert!(ended.stdout.contains("closed slow"), "{ended}");
}
