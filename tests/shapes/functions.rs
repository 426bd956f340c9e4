//! Functions that are not `main`.

use crate::Said as _;
use graceful::Signal;
use graceful::testing::{Ended, Process};

const CLOSED: [&str; 2] = ["closed http", "closed db"];

fn start(row: &str) -> Process {
    crate::start(env!("CARGO_BIN_EXE_functions"), row)
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

#[test]
fn a_function_that_never_asks_ends_the_process() {
    signalled("never asks").assert_code(0).said(&CLOSED);
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

/// Each has signals of its own: one that has been dealt with is not seen by the next.
#[test]
fn called_several_times() {
    let mut process = start("several times");
    for _ in 0..3 {
        process.expect_line("ready").signal(Signal::Interrupt);
        process.expect_line(CLOSED[0]).expect_line(CLOSED[1]);
    }
    process.expect_line("returned 43").end().assert_code(7);
}

#[test]
fn called_from_several_threads_at_once() {
    let mut process = start("at once");
    process
        .expect_line("ready")
        .expect_line("ready")
        .expect_line("ready")
        .signal(Signal::Terminate);
    process.end().assert_code(7).said(&[
        "closed fast",
        "closed here",
        "closed slow",
        "returned here",
        "returned fast",
        "returned slow",
        "the caller goes on",
    ]);
}

#[test]
fn at_once_and_none_asks() {
    let mut process = start("at once, and none asks");
    process
        .expect_line("ready")
        .expect_line("ready")
        .expect_line("ready")
        .signal(Signal::Terminate);
    process
        .end()
        .assert_code(0)
        .said(&["closed fast", "closed here", "closed slow"]);
}

#[test]
fn at_once_and_one_exits() {
    let ended = start("at once, and one exits").end();
    ended.assert_code(9);
    for line in ["closed exit", "closed slow"] {
        assert!(ended.stdout.lines().any(|said| said == line), "{ended}");
    }
}
