//! The function `main`.

use crate::shapes::{QUIET, Said as _};
use graceful::Signal;
use graceful::testing::Process;

const CLOSED: [&str; 2] = ["closed http", "closed db"];

fn start(row: &str) -> Process {
    crate::shapes::start(env!("CARGO_BIN_EXE_mains"), row)
}

#[test]
fn whatever_the_state_that_it_returns() {
    for row in [
        "state",
        "state, on one thread",
        "state, locally",
        "result of a state",
        "opaque state",
        "tuple",
    ] {
        for signal in [Signal::Terminate, Signal::Interrupt] {
            let ended = start(row).expect_line("ready").signal(signal).end();
            ended.assert_code(0).said(&CLOSED);
        }
    }
}

#[test]
fn whatever_the_exit_code_that_it_returns() {
    for (row, code) in [
        ("unit", 0),
        ("exit code", 4),
        ("own termination", 5),
        ("opaque termination", 6),
        ("question mark", 1),
    ] {
        let ended = start(row)
            .expect_line("ready")
            .signal(Signal::Terminate)
            .end();
        let ended = ended.assert_code(code);
        let lines: Vec<_> = ended
            .stdout
            .lines()
            .filter(|line| line.starts_with("closed"))
            .collect();
        assert_eq!(lines, CLOSED, "{ended}");
        if row == "question mark" {
            assert!(
                ended.stderr.contains("Error: \"the last flush failed\""),
                "{ended}"
            );
        }
    }
}

#[test]
fn one_that_never_asks_is_dropped() {
    for row in ["unit, never asks", "never"] {
        let ended = start(row)
            .expect_line("ready")
            .after(QUIET)
            .signal(Signal::Terminate)
            .end();
        ended.assert_code(0).said(&CLOSED);
    }
}

#[test]
fn one_that_asks_ends_before_the_closes() {
    let ended = start("unit")
        .expect_line("ready")
        .signal(Signal::Terminate)
        .end();
    ended.said(&["the body ends", CLOSED[0], CLOSED[1]]);
}

#[test]
fn a_start_up_that_fails_closes_what_it_managed() {
    let ended = start("state fails").end();
    ended.assert_code(1).said(&CLOSED);
    assert!(ended.stderr.contains("no disk"), "{ended}");
}

/// Which `graceful` can't change, nor hang at.
#[test]
fn an_exit_of_the_standard_library_skips_the_closes() {
    let ended = start("process exit")
        .expect_line("ready")
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(8).said(&[]);
    let ended = start("process exit in a task")
        .expect_line("ready")
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(8);
}

#[test]
fn an_exit_of_ours_does_not() {
    start("graceful exit in a task")
        .end()
        .assert_code(8)
        .said(&CLOSED);
}

#[test]
fn attributes_above_and_below() {
    let mut process = crate::shapes::start(env!("CARGO_BIN_EXE_attributes"), "");
    let ended = process.expect_line("ready").signal(Signal::Terminate).end();
    ended.assert_code(0).said(&CLOSED);
}

#[test]
fn listeners_beside_it_hear_every_signal() {
    let mut process = crate::shapes::start(env!("CARGO_BIN_EXE_listeners"), "");
    process.expect_line("ready").signal(Signal::Hangup);
    process
        .expect_line("the library hears SIGHUP")
        .signal(Signal::Terminate);
    let ended = process.end();
    ended.assert_code(0).said(&[
        "the library hears SIGHUP",
        "the library hears SIGTERM",
        CLOSED[0],
        CLOSED[1],
    ]);

    let mut process = crate::shapes::start(env!("CARGO_BIN_EXE_listeners"), "");
    let ended = process
        .expect_line("ready")
        .signal(Signal::Interrupt)
        .expect_line("the library hears SIGINT")
        .end();
    ended.assert_code(0);
}
