//! A `main` that serves in its own body, and how it comes to its end.

use crate::faults::ended::{BLOCKING_WORK, Cause};
use crate::faults::harness::{DEADLINE, Program, SOON, Signal, ms};

on_each_flavor!(
    a_main_that_never_asked_is_dropped_at_once,
    a_main_with_a_runtime_of_its_own_is_dropped_outside_of_ours,
    a_main_that_blocks_in_its_drop_is_said_to,
    a_main_that_asked_finishes_by_itself,
    a_main_that_asked_keeps_its_own_code,
    a_main_that_asked_and_never_ends_is_cut,
    a_main_that_asked_and_never_ends_leaves_the_closes_their_time,
    a_main_that_asked_and_works_on_is_not_said_to_block,
    a_main_that_is_about_to_ask_is_waited_for,
    a_main_that_ends_says_nothing_of_it,
    a_main_that_listens_for_itself_has_no_delay,
    a_main_that_hears_of_the_signal_first_ends_of_it,
    an_error_that_panics_when_shown_is_a_panic_of_main,
);

on_flavor!(local, a_main_that_asked_finishes_by_itself);

const DROPPED: Cause = ("main", "dropped", "no sign of having heard of SIGTERM");
const OVERRAN: Cause = ("main", "timed_out", "had not ended after");

fn a_main_that_never_asked_is_dropped_at_once(flavor: &str) {
    let ended = Program::body(flavor, "never asks").stop_when_quiet();
    ended.code(128 + 15).at_once().closed(&["lease"]).says(&[
        "`main` showed no sign",
        "dropped",
        "graceful::requested()",
    ]);
    ended.caused_by(&[DROPPED]);
    assert!(ended.mark("main was dropped") < ended.mark("closed lease"));
}

/// As under `#[tokio::main]`, where nothing is dropped at a signal.
fn a_main_with_a_runtime_of_its_own_is_dropped_outside_of_ours(flavor: &str) {
    let ended = Program::body(flavor, "never asks, with a runtime of its own").stop_when_quiet();
    ended
        .code(128 + 15)
        .at_once()
        .closed(&["lease"])
        .does_not_say("panicked")
        .caused_by(&[DROPPED]);
}

/// It has been dropped already: to ask, or to say `listens = false`, would be no help.
fn a_main_that_blocks_in_its_drop_is_said_to(flavor: &str) {
    let main = Program::body(flavor, "never asks, and holds what blocks in its drop");
    let ended = main.with("GRACEFUL_TIMEOUT", "3s").stop_when_quiet();
    ended
        .code(124)
        .within(ms(3000))
        .closed(&["lease"])
        .says(&["left behind: `main`", "blocks in its `Drop`"])
        .does_not_say("listens = false")
        .caused_by(&[DROPPED, ("main", "blocked", "")]);
}

fn a_main_that_asked_finishes_by_itself(flavor: &str) {
    let ended = Program::body(flavor, "asks and ends").stop();
    ended
        .code(0)
        .not_before(ms(100))
        .at_once()
        .closed(&["lease"]);
    assert!(ended.mark("main has ended") < ended.mark("closed lease"));
}

fn a_main_that_asked_keeps_its_own_code(flavor: &str) {
    let ended = Program::body(flavor, "asks and ends with 7").stop();
    ended
        .code(7)
        .at_once()
        .closed(&["lease"])
        .caused_by(&[("main", "exited", "exit code 7")]);
}

fn a_main_that_asked_and_never_ends_is_cut(flavor: &str) {
    let ended = Program::body(flavor, "asks and never ends, with nothing open")
        .with("GRACEFUL_TIMEOUT", "2s")
        .stop();
    ended
        .code(124)
        .not_before(ms(1950))
        .within(ms(2000))
        .says(&["left behind: `main`"])
        .says(&["the total deadline passed"])
        .caused_by(&[OVERRAN]);
}

fn a_main_that_asked_and_never_ends_leaves_the_closes_their_time(flavor: &str) {
    let ended = Program::body(flavor, "asks and never ends")
        .with("GRACEFUL_TIMEOUT", "3s")
        .stop();
    ended
        .code(1)
        .not_before(ms(750))
        .within(SOON)
        .closed(&["lease"])
        .says(&["left behind: `main`"])
        .caused_by(&[OVERRAN]);
}

/// So is one that a busy machine is late to drop. Only Linux tells.
fn a_main_that_asked_and_works_on_is_not_said_to_block(flavor: &str) {
    let ended = Program::body(flavor, "asks and works for ever")
        .with("GRACEFUL_TIMEOUT", "3s")
        .stop();
    ended.code(124).within(DEADLINE).closed(&["lease"]);
    let kind = if cfg!(target_os = "linux") {
        "timed_out"
    } else {
        "blocked"
    };
    ended.caused_by(&[("main", kind, "")]);
}

/// The signal comes in the middle of a poll, whose thread works, or has no processor. Only Linux tells.
fn a_main_that_is_about_to_ask_is_waited_for(flavor: &str) {
    let main = Program::body(flavor, "asks after some work, and ends");
    let mut main = main.with("GRACEFUL_TIMEOUT", "3s").ready();
    // What has just been polled may have heard the signal.
    let ended = main.after(ms(60)).signal(Signal::Terminate).end();
    if cfg!(target_os = "linux") {
        ended.code(0).closed(&["lease"]);
        assert!(ended.mark("main has ended") < ended.mark("closed lease"));
    }
}

/// As under `#[tokio::main]`.
fn a_main_that_ends_says_nothing_of_it(flavor: &str) {
    let returned = ("main", "exited", "exit code 7");
    for (fault, code, closed, causes) in [
        ("returns", 0, &["lease"][..], &[][..]),
        ("returns 7", 7, &["lease"], &[returned]),
        ("returns 7, with nothing open", 7, &[], &[returned]),
        (
            "exits with 3, with nothing open",
            3,
            &[],
            &[("process", "exited", "exit(3)")],
        ),
    ] {
        let ended = Program::body(flavor, fault).start().end();
        ended.code(code).at_once().closed(closed).caused_by(causes);
        assert_eq!(ended.stderr, "", "{fault}");
    }
}

fn a_main_that_listens_for_itself_has_no_delay(flavor: &str) {
    let ended = Program::body(flavor, "listens for itself")
        .with("GRACEFUL_TIMEOUT", "15s")
        .with("GRACEFUL_DELAY", "10s")
        .stop();
    ended.code(0).at_once().closed(&["lease"]);
}

/// Both listen to the same signal, and who is told first is up to the kernel: so several times.
fn a_main_that_hears_of_the_signal_first_ends_of_it(flavor: &str) {
    for _ in 0..8 {
        let ended = Program::body(flavor, "listens for itself").stop();
        ended
            .code(0)
            .at_once()
            .closed(&["lease"])
            .says(&["stopping after SIGTERM: closing lease"])
            .does_not_say("already closing");
    }
}

fn an_error_that_panics_when_shown_is_a_panic_of_main(flavor: &str) {
    let ended = Program::body(flavor, "fails with an error that panics")
        .start()
        .end();
    ended
        .code(101)
        .within(SOON)
        .closed(&["lease"])
        .caused_by(&[("main", "panicked", "nobody is to know"), BLOCKING_WORK]);
}
