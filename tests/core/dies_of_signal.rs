//! By choice the process dies of the signal that began its stop, when everything is closed.

use crate::ms;
use crate::program::Program;
use graceful::Signal;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};

on_each_flavor!(
    it_dies_of_the_signal_when_everything_is_closed,
    so_it_does_when_a_second_signal_has_forced_the_exit,
    so_it_does_at_the_deadline,
    a_code_that_was_asked_for_is_given,
    without_a_signal_it_ends_with_its_code,
);

const BOTH: [Signal; 2] = [Signal::Interrupt, Signal::Terminate];

fn it_dies_of_the_signal_when_everything_is_closed(flavor: &str) {
    for signal in BOTH {
        let mut process = Program::new(flavor, "dies of the signal").start();
        process.wait_for_line("ready");
        let ended = process.signal(signal).end();
        ended
            .assert_killed_by(signal)
            .assert_stdout(&["closed"])
            .assert_stderr(&["1 closed", &format!("ends of {signal}")]);
    }
}

fn so_it_does_when_a_second_signal_has_forced_the_exit(flavor: &str) {
    let mut process = Program::new(flavor, "dies of the signal, and a close hangs").start();
    process.wait_for_line("ready");
    process.signal(Signal::Terminate);
    // Before that is heard of, the second one is the same request.
    process.wait_for_stderr("stopping after SIGTERM");
    let ended = process.after(ms(400)).signal(Signal::Interrupt).end();
    ended
        .assert_killed_by(Signal::Terminate)
        .assert_stderr(&["forced by a second signal", "ends of SIGTERM"]);
}

fn so_it_does_at_the_deadline(flavor: &str) {
    let mut process = Program::new(flavor, "dies of the signal, and a close hangs")
        .budget(ms(1000))
        .start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Interrupt).end();
    ended
        .assert_killed_by(Signal::Interrupt)
        // Timed out, or on a busy machine still running when the deadline ends it.
        .assert_stderr(&["of 1.000 s", "ends of SIGINT"]);
    assert!(ended.took >= ms(1000), "{ended}");
}

fn a_code_that_was_asked_for_is_given(flavor: &str) {
    let ended = Program::new(flavor, "dies of the signal, but was asked for a code").stop();
    ended.code(3).reported(&["exit code 3"]);
}

fn without_a_signal_it_ends_with_its_code(flavor: &str) {
    let ended = Program::new(flavor, "dies of no signal").run();
    ended.code(0).reported(&["no more work", "exit code 0"]);
}

#[test]
fn a_main_that_hears_of_the_signal_by_itself_dies_of_it_too() {
    let mut process = Program::new("current_thread", "main dies of the signal").start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Interrupt).end();
    ended
        .assert_killed_by(Signal::Interrupt)
        .assert_stdout(&["closed"]);
}

/// At a terminal, which `script` gives it: bash goes on with a loop unless what it runs died of Ctrl-C.
#[test]
fn a_loop_of_a_shell_ends_with_ctrl_c() {
    let program = env!("CARGO_BIN_EXE_core-limits");
    for (case, goes_on) in [("dies of the signal", false), ("a table is freed", true)] {
        let shell = format!(
            "for i in 1 2; do '{program}' multi_thread '{case}'; done < /dev/null; echo the loop is over"
        );
        let started = Command::new("script")
            .args(["-qefc", "bash -c \"$SHELL_LOOP\"", "/dev/null"])
            .env("SHELL_LOOP", shell)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut terminal) = started else {
            println!("skipped: there is no `script`");
            return;
        };
        let mut said = String::new();
        let mut reader = BufReader::new(terminal.stdout.take().unwrap());
        let mut keyboard = terminal.stdin.take().unwrap();
        let mut rounds = 0;
        while reader.read_line(&mut said).unwrap() > 0 && rounds < 2 {
            if said
                .lines()
                .last()
                .is_some_and(|line| line.trim() == "ready")
            {
                rounds += 1;
                // Ctrl-C, as the keyboard sends it.
                keyboard.write_all(b"\x03").unwrap();
            }
        }
        reader.read_to_string(&mut said).unwrap();
        drop(keyboard);
        terminal.wait().unwrap();
        assert_eq!(rounds == 2, goes_on, "{said}");
        assert_eq!(said.contains("the loop is over"), goes_on, "{said}");
    }
}
