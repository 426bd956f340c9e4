//! Signals as whoever starts the program leaves them: ignored under `nohup`, blocked, and in the background of a `sh`.

use crate::ms;
use crate::program::Program;
use graceful::Signal;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_core-limits");

/// Started by a line of `sh` that runs `"$0" "$@"`.
fn by_sh(line: &str, case: &str) -> Program {
    let mut command = Command::new("sh");
    command.args(["-c", line, PROGRAM]);
    Program::of(command, "multi_thread", case)
}

#[test]
fn a_hangup_that_was_ignored_stays_so_though_it_is_asked_for() {
    let line = r#"trap '' HUP; exec "$0" "$@""#;
    let mut process = by_sh(line, "hears SIGHUP and SIGTERM").start();
    process.wait_for_line("ready");
    process.signal(Signal::Hangup).after(ms(300));
    assert!(process.runs());
    let ended = process.signal(Signal::Terminate).end();
    ended
        .assert_code(0)
        .assert_stderr(&["stopped after SIGTERM"]);
}

#[test]
fn a_hangup_that_was_not_ignored_stops_it() {
    let line = r#"exec env --default-signal=HUP "$0" "$@""#;
    let mut process = by_sh(line, "hears SIGHUP and SIGTERM").start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Hangup).end();
    ended
        .assert_code(0)
        .assert_stderr(&["stopped after SIGHUP"]);
}

#[test]
fn a_signal_that_is_blocked_is_told_of_at_the_start() {
    let line = r#"exec env --default-signal=HUP --block-signal=TERM "$0" "$@""#;
    let mut process = by_sh(line, "hears SIGHUP and SIGTERM").start();
    process.wait_for_stderr("SIGTERM is blocked by whoever started this process");
    process.wait_for_line("ready");
    process.signal(Signal::Terminate).after(ms(300));
    assert!(process.runs());
    let ended = process.signal(Signal::Hangup).end();
    ended
        .assert_code(0)
        .assert_stderr(&["stopped after SIGHUP"]);
}

/// A shell without job control ignores SIGINT for what it starts with `&`.
#[test]
fn in_the_background_of_a_shell_an_interrupt_still_stops_it() {
    let line = r#""$0" "$@" & wait $!"#;
    let mut process = by_sh(line, "hears SIGINT").start();
    process.wait_for_line("ready");
    let children = format!("/proc/{0}/task/{0}/children", process.id());
    let children = std::fs::read_to_string(children).unwrap();
    process.signals_go_to(children.trim().parse().unwrap());
    let ended = process.signal(Signal::Interrupt).end();
    ended
        .assert_code(0)
        .assert_stderr(&["stopped after SIGINT"]);
}
