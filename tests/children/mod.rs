//! Child processes of a service, ended for real: alone, in a process group of their own, at a terminal, as PID 1.
#![cfg(unix)]

use graceful::Signal;
use graceful::testing::{Ended, Pipe, Process, Program};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const CHILDREN: &str = env!("CARGO_BIN_EXE_children");

/// Less than the limit of the field, on a busy machine.
const SOON: Duration = Duration::from_secs(4);

/// What a child has that does not end, in the place of the field's limit.
const SHORT: (&str, &str) = ("GRACEFUL_TIMEOUT_CHILD", "800ms");

fn ready(program: Program) -> Process {
    let mut process = program.start();
    process.wait_for_line("ready");
    process
}

fn stopped(arguments: &[&str]) -> Ended {
    let program = Program::new(CHILDREN).args(arguments);
    ready(program).signal(Signal::Terminate).end()
}

/// The numbers of the children, from what they have said.
fn children(ended: &Ended) -> Vec<String> {
    let lines = ended.stdout.lines();
    let numbers = lines.filter_map(|line| line.trim().strip_prefix("child "));
    numbers
        .filter(|number| number.parse::<u32>().is_ok())
        .map(str::to_owned)
        .collect()
}

/// Neither running nor left for somebody to wait for.
#[track_caller]
fn assert_gone(ended: &Ended, expected: usize) {
    let children = children(ended);
    assert_eq!(children.len(), expected, "{ended}");
    for child in children {
        let is_there = Path::new("/proc").join(&child).exists();
        assert!(!is_there, "{child} is still there: {ended}");
    }
}

#[test]
fn a_child_is_asked_to_end_and_waited_for() {
    for group in ["", "group"] {
        let ended = stopped(&["one", "ends", group]);
        ended.assert_code(0).assert_within(SOON);
        let heard = ended.stdout.find("child heard SIGTERM");
        let ends = ended.stdout.find("child ends");
        let behind_it = ended.stdout.find("db closed");
        assert!(
            heard < ends && ends < behind_it && heard.is_some(),
            "{ended}"
        );
        assert_gone(&ended, 1);
    }
}

#[test]
fn a_child_that_does_not_end_is_killed_within_its_limit() {
    for group in ["", "group"] {
        let goes_on = || {
            let program = Program::new(CHILDREN).args(["one", "goes on", group]);
            let program = program.env(SHORT.0, SHORT.1);
            ready(program).signal(Signal::Terminate).end()
        };
        // Half a second before the limit it is killed: a machine that stands still may miss that.
        let mut ended = goes_on();
        for _ in 0..3 {
            if !ended.stood_still.is_zero() {
                ended = goes_on();
            }
        }
        ended
            .assert_code(1)
            .assert_stdout(&["child heard SIGTERM"])
            .assert_stdout(&["db closed"])
            .assert_stderr(&[
                "child",
                "failed: it did not end when it was asked to; its last word: killed",
            ]);
        assert_gone(&ended, 1);
    }
}

#[test]
fn a_child_that_is_gone_has_closed() {
    let ended = stopped(&["one", "is gone"]);
    ended.assert_code(0).assert_within(SOON);
    assert_gone(&ended, 1);
}

#[test]
fn several_children_are_ended_at_the_same_time() {
    let ended = stopped(&["several", "ends"]);
    ended.assert_code(0).assert_within(SOON);
    assert_eq!(ended.stdout.matches("child heard SIGTERM").count(), 3);
    assert_gone(&ended, 3);
}

/// `script` gives it a terminal, whose Ctrl-C goes to the whole foreground group: a child in a group of its own is asked when
/// its turn has come, and no earlier.
#[test]
fn ctrl_c_at_a_terminal_does_not_reach_a_child_in_a_group_of_its_own() {
    for (group, hears) in [("", true), ("group", false)] {
        let mut command = Command::new("script");
        let program = format!("{CHILDREN} one ends {group}");
        command.args(["-qefc", &program, "/dev/null"]);
        let Some(ended) = interrupted_at_a_terminal(command) else {
            println!("skipped: there is no `script`");
            return;
        };
        assert_eq!(ended.contains("child heard SIGINT"), hears, "{ended}");
        assert_eq!(ended.contains("child heard SIGTERM"), !hears, "{ended}");
        assert!(ended.contains("db closed"), "{ended}");
        assert!(!ended.contains("killed"), "{ended}");
    }
}

/// What is said at the terminal, once Ctrl-C was pressed.
fn interrupted_at_a_terminal(mut command: Command) -> Option<String> {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::process::Stdio;

    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut terminal = started.ok()?;
    let mut reader = BufReader::new(terminal.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("ready") {
        assert_ne!(reader.read_line(&mut said).unwrap(), 0, "{said}");
    }
    // Ctrl-C, as the keyboard sends it.
    let mut keyboard = terminal.stdin.take().unwrap();
    keyboard.write_all(b"\x03").unwrap();
    reader.read_to_string(&mut said).unwrap();
    drop(keyboard);
    terminal.wait().unwrap();
    Some(said)
}

/// As in a container.
#[test]
fn the_first_process_of_a_namespace_ends_its_children() {
    let unshare = ["--pid", "--fork", "--kill-child", "--mount-proc"];
    let ways = [&unshare[..], &["--map-root-user"], &unshare[..]].concat();
    let ways = [unshare.to_vec(), ways[unshare.len()..].to_vec()];
    let permitted = |way: &&Vec<&str>| {
        let tried = Command::new("unshare").args(*way).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    };
    let Some(way) = ways.iter().find(permitted) else {
        println!("skipped: `unshare --pid` is not permitted here");
        return;
    };
    for (does, code) in [("ends", 0), ("goes on", 1)] {
        let mut process = Program::new("unshare")
            .args(way)
            .arg(CHILDREN)
            .args(["one", does])
            .env(SHORT.0, if code == 0 { "" } else { SHORT.1 })
            .stderr(Pipe::Read)
            .start();
        process.wait_for_line("ready");
        let path = format!("/proc/{0}/task/{0}/children", process.id());
        let first = std::fs::read_to_string(path).unwrap();
        process.signals_go_to(first.trim().parse().unwrap());
        let ended = process.signal(Signal::Terminate).end();
        ended
            .assert_code(code)
            .assert_stdout(&["child heard SIGTERM"])
            .assert_stdout(&["db closed"]);
    }
}
