//! Functions that are not `main`.

use graceful_tests::{Ended, Process, Signal};

const CLOSED: [&str; 2] = ["closed http", "closed db"];

fn start(row: &str) -> Process {
    Process::start(env!("CARGO_BIN_EXE_functions"), row)
}

fn signalled(row: &str) -> Ended {
    start(row).says("ready").signal(Signal::TERM).end()
}

#[test]
fn the_caller_gets_the_value_after_the_closes() {
    signalled("value").code(7).said(&[
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
        .code(7)
        .said(&[CLOSED[0], CLOSED[1], "returned 41", "the caller goes on"]);
}

#[test]
fn a_function_that_never_asks_ends_the_process() {
    signalled("never asks").code(0).said(&CLOSED);
}

#[test]
fn an_exit_ends_the_process_and_not_the_function() {
    start("exit in a task").end().code(9).said(&CLOSED);
    start("exit with 0 in a task").end().code(0).said(&CLOSED);
}

#[test]
fn an_error_is_the_callers() {
    let ended = start("error").end();
    ended.code(7).said(&[
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
        .code(7)
        .said(&[CLOSED[0], CLOSED[1], "panicked true", "the caller goes on"]);
}

/// Each has signals of its own: one that has been dealt with is not seen by the next.
#[test]
fn called_several_times() {
    let mut process = start("several times");
    for _ in 0..3 {
        process.says("ready").signal(Signal::INT);
        process.says(CLOSED[0]).says(CLOSED[1]);
    }
    process.says("returned 43").end().code(7);
}

#[test]
fn called_from_several_threads_at_once() {
    let mut process = start("at once");
    process
        .says("ready")
        .says("ready")
        .says("ready")
        .signal(Signal::TERM);
    process.end().code(7).said(&[
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
        .says("ready")
        .says("ready")
        .says("ready")
        .signal(Signal::TERM);
    process
        .end()
        .code(0)
        .said(&["closed fast", "closed here", "closed slow"]);
}

#[test]
fn at_once_and_one_exits() {
    let ended = start("at once, and one exits").end();
    ended.code(9);
    for line in ["closed exit", "closed slow"] {
        assert!(ended.stdout.iter().any(|said| said == line), "{ended:#?}");
    }
}
