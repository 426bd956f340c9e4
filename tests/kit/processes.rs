//! Real programs: a shell's for the most part, which can be told to do anything.

use crate::kit::{failure, ms};
use graceful::Signal;
use graceful::testing::{Pipe, Process, Program};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longer than any of these takes, on the busiest machine.
const LONG: Duration = Duration::from_secs(20);

fn sh(script: &str) -> Program {
    Program::new("sh").args(["-c", script])
}

fn runs(id: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(id).join("status"));
    // Reaped by nobody here, a dead one may stay as a zombie.
    status.is_ok_and(|status| !status.contains("State:\tZ"))
}

fn ends(id: &str) -> bool {
    let began = Instant::now();
    while runs(id) && began.elapsed() < LONG {
        std::thread::sleep(ms(1));
    }
    !runs(id)
}

#[test]
fn a_program_of_this_package_is_signalled_and_says_how_it_ended() {
    let mut program = Program::new(env!("CARGO_BIN_EXE_mains"))
        .arg("exit code")
        .start();
    program.expect_line("ready");
    let ended = program.signal(Signal::Terminate).end();
    ended
        .assert_code(4)
        .assert_stdout(&["closed", "http"])
        .assert_stderr(&["SIGTERM"])
        .assert_within(LONG);
}

#[test]
fn each_signal_is_the_real_one() {
    let script = "for s in INT TERM HUP QUIT; do trap \"echo $s\" $s; done; echo ready; \
                  while :; do sleep 0.01; done";
    let mut program = sh(script).start();
    program.expect_line("ready");
    for (signal, name) in [
        (Signal::Interrupt, "INT"),
        (Signal::Terminate, "TERM"),
        (Signal::Hangup, "HUP"),
        (Signal::Quit, "QUIT"),
    ] {
        program.signal(signal).expect_line(name);
    }
}

#[test]
fn one_that_has_no_handler_is_killed() {
    let ended = sh("echo ready; exec sleep 60")
        .start()
        .expect_line("ready")
        .signal(Signal::Terminate)
        .end();
    ended.assert_killed_by(Signal::Terminate);
    let text = failure(|| ended.assert_code(0).took);
    assert!(
        text.starts_with("not 0: signal: 15 (SIGTERM) after "),
        "{text}"
    );
    assert!(
        text.ends_with("standard output:\nready\nstandard error: nothing"),
        "{text}"
    );
}

#[test]
fn the_clock_starts_with_the_first_signal() {
    let mut program = sh("trap 'sleep 0.3; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
    program = program.patience(LONG);
    let mut program = program.start();
    program.expect_line("ready").after(ms(500));
    let ended = program.signal(Signal::Terminate).end();
    ended.assert_code(3).assert_within(LONG);
    assert!(ended.took >= ms(300), "{ended}");
    let text = failure(|| ended.assert_within(ms(300)).took);
    assert!(
        text.starts_with("longer than 300ms: exit status: 3"),
        "{text}"
    );
}

#[test]
fn lines_are_found_in_the_order_in_which_they_come() {
    let mut program = sh("echo one; echo two of them; echo three; echo oh no >&2").start();
    assert_eq!(program.wait_for_line("two"), "two of them");
    program.expect_line("three");
    assert_eq!(program.wait_for_stderr("no"), "oh no");
    let text = failure(|| program.wait_for_line("one"));
    assert!(
        text.starts_with("it never says \"one\"\nsh -c echo one"),
        "{text}"
    );
    assert!(text.ends_with("standard error:\noh no"), "{text}");
    let ended = program.end();
    ended.assert_code(0).assert_stdout(&["two", "them"]);
    let text = failure(|| ended.assert_stderr(&["oh", "yes"]).took);
    assert!(
        text.starts_with("no [\"oh\", \"yes\"]: exit status: 0"),
        "{text}"
    );
}

#[test]
fn another_line_than_the_expected_one_fails() {
    let text = failure(|| sh("echo steady").start().expect_line("ready").id());
    assert!(text.starts_with("not \"ready\" but \"steady\"\n"), "{text}");
}

#[test]
fn nothing_is_waited_for_longer_than_patience() {
    let mut program = sh("sleep 60").patience(ms(50)).start();
    let text = failure(|| program.wait_for_line("ready"));
    assert!(
        text.starts_with("it does not say \"ready\" within 50ms\n"),
        "{text}"
    );
    let text = failure(|| program.end());
    assert!(text.starts_with("it has not ended after 50ms\n"), "{text}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let text = failure(|| Program::new("/nowhere/service").arg("--now").start());
    assert!(
        text.starts_with("service --now can't be started: "),
        "{text}"
    );
}

#[test]
fn a_port_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut program = sh("sleep 60").start();
    program.wait_for_port(address);
    // Nobody listens there. What is free may be another test's a moment later, or be connected to itself.
    let mut program = sh("echo gone").start();
    let text = failure(|| program.wait_for_port("127.0.0.1:1").id());
    assert!(text.starts_with("it has ended\nsh -c echo gone"), "{text}");
}

#[test]
fn dropped_it_takes_what_it_started_with_it() {
    let mut program = sh("sleep 600 & echo $!; wait").start();
    let (own, child) = (program.id().to_string(), program.wait_for_line(""));
    assert!(runs(&own) && runs(&child));
    drop(program);
    assert!(ends(&child) && ends(&own));
}

#[test]
fn once_it_has_ended_nobody_is_signalled() {
    let mut program = sh("exit 3").start();
    program.end().assert_code(3);
    let text = failure(|| program.signal(Signal::Terminate).id());
    assert!(text.starts_with("it has ended\nsh -c exit 3"), "{text}");
    assert!(!program.runs());
}

/// What it leaves behind holds its output open, which is not waited for.
#[test]
fn ended_it_takes_what_it_started_with_it() {
    let mut program = sh("sleep 600 & echo $!").start();
    let child = program.wait_for_line("");
    program.end().assert_code(0);
    assert!(ends(&child));
}

#[test]
fn the_environment_has_no_budget_of_graceful_but_the_tests() {
    let script = "echo ${GRACEFUL_TIMEOUT-none} ${GRACEFUL_DELAY-none} ${HOME-none}";
    let end = |program: Program| program.start().end().stdout;
    let program = || sh(script).env_remove("HOME");
    assert_eq!(end(program()), "none none none\n");
    assert_eq!(end(program().env("GRACEFUL_DELAY", "5s")), "none 5s none\n");
}

#[test]
fn standard_input_stays_open() {
    let mut program = sh("cat; echo over").start();
    assert!(program.after(ms(50)).runs());
}

#[test]
fn whoever_reads_may_be_gone_or_asleep() {
    let gone = |program: Program| -> Process { program.stdout(Pipe::Closed).start() };
    // `echo` of a shell fails, or is killed by SIGPIPE.
    let ended = gone(sh("sleep 0.1; echo one; echo failed >&2")).end();
    let failed = ended.stderr.contains("failed");
    assert!(failed || !ended.status.success(), "{ended}");
    let full = "head -c 1000000 /dev/zero; echo written >&2";
    let mut asleep = sh(full).stdout(Pipe::Unread).patience(ms(200)).start();
    let text = failure(|| asleep.wait_for_stderr("written"));
    assert!(text.starts_with("it does not say"), "{text}");
    assert_eq!(sh(full).start().end().stdout.len(), 1_000_000);
}

#[test]
fn signals_may_go_to_what_a_wrapper_started() {
    let mut wrapper =
        sh("sh -c 'trap \"exit 5\" TERM; echo $$; while :; do sleep 0.01; done'; exit $?").start();
    let inner = wrapper.wait_for_line("").parse().unwrap();
    wrapper.signals_go_to(inner);
    let ended = wrapper.signal(Signal::Terminate).end();
    ended.assert_code(5);
}
