//! The table of exit codes: a process manager reads nothing else.
//!
//! Beside these: 1 in `closes`, 2 in `environment`, 124 in `body`, 130 and 143 of a second signal in `signals`.

use crate::faults::ended::{Cause, Ended};
use crate::faults::harness::{Program, SOON, Signal, ms};

on_each_flavor!(
    exit_from_main_closes_everything_first,
    exit_from_a_task_closes_everything_first,
    a_request_ends_with_0,
    the_code_of_main_is_kept,
    an_error_of_main_is_1,
    a_panic_of_main_is_101,
    the_end_of_main_is_0,
    a_main_that_is_dropped_ends_as_if_the_signal_had_killed_it,
    the_report_has_the_code_that_main_returns_later,
    the_report_has_the_code_of_a_main_that_fails_later,
    the_report_has_the_code_of_a_main_that_panics_later,
    exit_during_the_stop_of_a_signal_sets_the_code,
    exit_from_what_is_being_closed_ends_it,
);

/// Of `exit(3)`.
const EXITED: Cause = ("process", "exited", "exit(3)");

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

fn exit_from_main_closes_everything_first(flavor: &str) {
    let ended = Program::service(flavor, "exit from main").start().end();
    ended
        .code(3)
        .within(ms(500))
        .closed(&["lease"])
        .caused_by(&[EXITED]);
}

fn exit_from_a_task_closes_everything_first(flavor: &str) {
    let ended = Program::service(flavor, "exit from a task").start().end();
    ended
        .code(3)
        .within(ms(500))
        .closed(&ALL)
        .says(&["exit(3)", "closing"])
        .caused_by(&[EXITED]);
}

fn a_request_ends_with_0(flavor: &str) {
    let ended = Program::service(flavor, "request from a task")
        .start()
        .end();
    ended
        .code(0)
        .within(ms(500))
        .closed(&ALL)
        .says(&["request: the licence has expired", "closing"]);
}

fn the_code_of_main_is_kept(flavor: &str) {
    let ended = Program::body(flavor, "returns 7").start().end();
    ended
        .code(7)
        .within(ms(500))
        .closed(&["lease"])
        .caused_by(&[("main", "exited", "exit code 7")]);
}

fn an_error_of_main_is_1(flavor: &str) {
    let ended = Program::body(flavor, "fails").start().end();
    ended
        .code(1)
        .within(ms(500))
        .closed(&["lease"])
        .says(&["Error: ", "no such table"])
        .caused_by(&[("main", "failed", "no such table")]);
}

fn a_panic_of_main_is_101(flavor: &str) {
    let ended = Program::body(flavor, "panics").start().end();
    ended
        .code(101)
        .within(ms(500))
        .closed(&["lease"])
        .says(&["index out of bounds, as always"])
        .caused_by(&[("main", "panicked", "index out of bounds, as always")]);
}

fn the_end_of_main_is_0(flavor: &str) {
    let ended = Program::body(flavor, "returns").start().end();
    ended.code(0).within(ms(500)).closed(&["lease"]);
}

/// It was cut: nobody may take it for done.
fn a_main_that_is_dropped_ends_as_if_the_signal_had_killed_it(flavor: &str) {
    for (signal, name, code) in [
        (Signal::Interrupt, "SIGINT", 130),
        (Signal::Terminate, "SIGTERM", 143),
    ] {
        let ended = Program::body(flavor, "never asks").signal_when_quiet(signal);
        ended
            .code(code)
            .at_once()
            .closed(&["lease"])
            .says(&["`main` showed no sign of having heard of", name])
            .caused_by(&[("main", "dropped", name)]);
    }
}

fn the_report_has_the_code_that_main_returns_later(flavor: &str) {
    reported(flavor, "asks and ends with 7", 7).caused_by(&[("main", "exited", "exit code 7")]);
}

fn the_report_has_the_code_of_a_main_that_fails_later(flavor: &str) {
    reported(flavor, "asks and fails", 1)
        .says(&["Error: ", "no such table"])
        .caused_by(&[("main", "failed", "no such table")]);
}

fn the_report_has_the_code_of_a_main_that_panics_later(flavor: &str) {
    reported(flavor, "asks and panics", 101)
        .says(&["index out of bounds, as always"])
        .caused_by(&[("main", "panicked", "index out of bounds, as always")]);
}

fn exit_during_the_stop_of_a_signal_sets_the_code(flavor: &str) {
    reported(flavor, "asks and exits with 3", 3).caused_by(&[EXITED]);
}

fn exit_from_what_is_being_closed_ends_it(flavor: &str) {
    reported(flavor, "a task that is managed exits", 3)
        .does_not_say("panicked")
        .caused_by(&[EXITED]);
}

/// The process ends with the code that its report names.
fn reported(flavor: &str, fault: &str, code: i32) -> Ended {
    let ended = Program::new(flavor, "reported", fault).stop();
    ended
        .code(code)
        .at_once()
        .closed(&["lease"])
        .says(&["stopped after SIGTERM", &format!("exit code {code}")]);
    ended
}

/// On the flavor where such a task has the main thread.
#[test]
fn a_forced_exit_keeps_the_error_of_main_and_its_code() {
    let ended = Program::body("current_thread", "fails while a task blocks")
        .start()
        .end();
    ended
        .code(1)
        .within(SOON)
        .closed(&["lease"])
        .says(&["left behind: the runtime"])
        .says(&["stopped after main failed", "exit code 1"])
        .says(&["Error: ", "no such table"])
        .caused_by(&[
            ("main", "failed", "no such table"),
            ("runtime", "blocked", "a task blocks its thread"),
        ]);
}
