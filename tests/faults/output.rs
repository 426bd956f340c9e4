//! Nobody reads what is written, or the log never returns: the process ends all the same.

use crate::faults::ended::{BLOCKING_WORK, Cause, Ended};
use crate::faults::harness::{DEADLINE, Program, SOON, Signal, ms};
use std::io::ErrorKind;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;

on_each_flavor!(
    closed_outputs_change_nothing,
    closed_outputs_do_not_hide_a_fault,
    an_unread_standard_error_does_not_hold_the_exit,
    an_unread_standard_error_does_not_hold_a_short_stop,
    an_unread_standard_error_does_not_hold_a_failing_main,
    an_unread_standard_output_does_not_hold_the_exit,
    an_unread_standard_output_does_not_hold_the_forced_exit,
    a_log_that_blocks_does_not_hold_the_exit,
    a_log_that_panics_does_not_hold_the_exit,
    a_slow_log_is_waited_for,
    a_log_that_works_is_waited_for,
    a_log_that_works_has_longer_where_the_deadline_is_far,
    what_carries_the_log_is_not_closed_while_that_works,
    a_log_that_filters_us_does_not_hide_why_the_process_ended,
    a_second_signal_sends_the_timeline_through_the_log_too,
    the_deadline_with_a_stuck_main_sends_the_timeline_through_the_log_too,
    a_log_that_blocks_does_not_hold_the_forced_exit,
    an_unclean_report_is_not_written_twice_to_one_output,
    an_unclean_report_is_on_standard_error_where_the_log_filters_it,
    each_line_on_standard_error_is_one_write,
);

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

const DROPPED: Cause = ("main", "dropped", "no sign of having heard of SIGTERM");
const HANGS: Cause = ("queue", "timed_out", "flushed 3 of 10");
const FAILS: Cause = ("queue", "failed", "connection reset by peer");
const BLOCKS: Cause = ("main", "blocked", "it blocks its thread");

fn closed_outputs_change_nothing(flavor: &str) {
    let ended = Program::service(flavor, "none").reader_gone().stop();
    ended.code(0).at_once().closed(&ALL);
}

fn closed_outputs_do_not_hide_a_fault(flavor: &str) {
    let ended = Program::service(flavor, "hangs").reader_gone().stop();
    ended
        .code(1)
        .within(SOON)
        .closed(&["http", "guard", "cache", "db", "lease"])
        .caused_by(&[HANGS]);
}

fn an_unread_standard_error_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "stderr floods")
        .reader_asleep()
        .stop();
    ended.code(0).within(SOON).closed(&ALL);
}

fn an_unread_standard_error_does_not_hold_a_short_stop(flavor: &str) {
    let ended = Program::body(flavor, "never asks while stderr floods, with nothing open")
        .with("GRACEFUL_TIMEOUT", "15s")
        .reader_asleep()
        .stop_when_quiet();
    ended
        .code(128 + 15)
        .within(ms(500))
        .closed(&[])
        .caused_by(&[DROPPED]);
}

fn an_unread_standard_error_does_not_hold_a_failing_main(flavor: &str) {
    let ended = Program::body(flavor, "fails while stderr floods")
        .with("GRACEFUL_TIMEOUT", "3s")
        .reader_asleep()
        .start()
        .end();
    ended
        .code(1)
        .within(DEADLINE)
        .closed(&["lease"])
        .caused_by(&[("main", "failed", "no such table")]);
}

fn an_unread_standard_output_does_not_hold_the_exit(flavor: &str) {
    // So long that no limit explains the end.
    let ended = Program::body(flavor, "never asks, and stdout is full")
        .with("GRACEFUL_TIMEOUT", "15s")
        .stop_when_quiet();
    ended
        .code(128 + 15)
        .within(ms(500))
        .closed(&["lease"])
        .caused_by(&[DROPPED]);
}

fn an_unread_standard_output_does_not_hold_the_forced_exit(flavor: &str) {
    let ended = Program::body(flavor, "asks and never ends, and stdout is full")
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready()
        .signal(Signal::Terminate)
        .heard()
        .after(ms(400))
        .signal(Signal::Terminate)
        .end();
    ended
        .code(143)
        .within(ms(400))
        .says(&["stopped after SIGTERM", "exit code 143"])
        .caused_by(&[
            ("lease", "not_started", ""),
            ("main", "still_running", "had not ended"),
        ]);
}

fn a_log_that_blocks_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "the log blocks").stop();
    ended.code(0).at_once().closed(&ALL);
}

fn a_log_that_panics_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "the log panics").stop();
    ended.code(0).at_once().closed(&ALL);
}

/// The grace of 1 s is over, the deadline far away: the main thread has its time to say so.
fn a_slow_log_is_waited_for(flavor: &str) {
    let ended = Program::body(flavor, "fails while the log is slow")
        .with("GRACEFUL_TIMEOUT", "15s")
        .start()
        .end();
    ended
        .code(1)
        .not_before(ms(900))
        .within(ms(1700))
        .closed(&["lease"])
        .says(&["left behind: blocking work"])
        .says(&["Error: ", "no such table"])
        .does_not_say("blocks its thread")
        .caused_by(&[("main", "failed", "no such table"), BLOCKING_WORK]);
}

/// As one that writes ten thousand rows, or has to share its processor: unlike one that blocks it will be through. Only Linux
/// tells them apart.
fn waits_for_the_log(flavor: &str, fault: &str, budget: &'static str, log: &'static str) -> Ended {
    let ended = Program::service(flavor, fault)
        .with("GRACEFUL_TIMEOUT", budget)
        .with("FAULT_LOG", log)
        .stop();
    ended.code(0).closed(&ALL);
    if cfg!(target_os = "linux") {
        ended.logged(&["stopped after SIGTERM", "exit code 0"]);
    }
    ended
}

fn a_log_that_works_is_waited_for(flavor: &str) {
    waits_for_the_log(flavor, "none", "15s", "works");
}

/// As on a machine that gives it a tenth of a processor.
fn a_log_that_works_has_longer_where_the_deadline_is_far(flavor: &str) {
    waits_for_the_log(flavor, "none", "25s", "works for long");
}

fn what_carries_the_log_is_not_closed_while_that_works(flavor: &str) {
    let ended = waits_for_the_log(flavor, "a last word", "25s", "works for long");
    let at = |text: &str| {
        ended
            .marks
            .iter()
            .position(|(_, mark)| mark.starts_with(text))
    };
    let (said, closed) = (at("log: stopped after"), at("the logs are closed"));
    assert!(closed.is_some(), "{:?}", ended.marks);
    if cfg!(target_os = "linux") {
        assert!(said < closed, "{:?}", ended.marks);
    }
}

fn a_log_that_filters_us_does_not_hide_why_the_process_ended(flavor: &str) {
    let ended = Program::new(flavor, "dependent", "it ends and the log is filtered")
        .start()
        .end();
    ended
        .code(1)
        .at_once()
        .says(&["critical task `consumer` ended"])
        .caused_by(&[("consumer", "ended", "ended")]);
}

fn forced(flavor: &str, log: &'static str) -> Ended {
    let ended = Program::new(flavor, "single", "hangs")
        .with("GRACEFUL_TIMEOUT", "15s")
        .with("FAULT_LOG", log)
        .ready()
        .signal(Signal::Terminate)
        .heard()
        .after(ms(400))
        .signal(Signal::Terminate)
        .end();
    ended
        .code(143)
        .caused_by(&[("queue", "still_running", "flushed 3 of 10")]);
    ended
}

fn a_second_signal_sends_the_timeline_through_the_log_too(flavor: &str) {
    let ended = forced(flavor, "marks");
    ended.within(ms(400));
    for line in [
        &["stopped after SIGTERM, forced", "exit code 143"][..],
        &["queue", "still running", "flushed 3 of 10"],
    ] {
        ended.logged(line).says(line);
    }
}

fn the_deadline_with_a_stuck_main_sends_the_timeline_through_the_log_too(flavor: &str) {
    let ended = Program::service(flavor, "start-up blocks")
        .with("FAULT_LOG", "marks")
        .stop();
    ended.code(124).within(DEADLINE).caused_by(&[BLOCKS]);
    for line in [
        &["stopped after SIGTERM", "exit code 124"][..],
        &["left behind: `main`: it blocks its thread"],
    ] {
        ended.logged(line).says(line);
    }
}

fn a_log_that_blocks_does_not_hold_the_forced_exit(flavor: &str) {
    forced(flavor, "blocks")
        .within(ms(400))
        .says(&["stopped after SIGTERM, forced", "exit code 143"]);
    Program::service(flavor, "start-up blocks")
        .with("FAULT_LOG", "blocks")
        .stop()
        .code(124)
        .within(DEADLINE)
        .says(&["stopped after SIGTERM", "exit code 124"])
        .caused_by(&[BLOCKS]);
}

fn an_unclean_report_is_not_written_twice_to_one_output(flavor: &str) {
    let fails = || Program::service(flavor, "fails").with("FAULT_LOG", "stdout");
    let ended = fails().with_one_output().stop();
    assert_eq!(ended.code(1).count("stopped after SIGTERM"), 1);
    ended
        .says(&["log: stopped after SIGTERM", "exit code 1"])
        .caused_by(&[FAILS]);
    // The log is read elsewhere.
    let ended = fails().stop();
    assert_eq!(ended.code(1).count("stopped after SIGTERM"), 1);
    ended
        .says(&["graceful: stopped after SIGTERM"])
        .caused_by(&[FAILS]);
}

fn an_unclean_report_is_on_standard_error_where_the_log_filters_it(flavor: &str) {
    let ended = Program::service(flavor, "fails")
        .with("FAULT_LOG", "filters")
        .with_one_output()
        .stop();
    ended
        .code(1)
        .says(&["graceful: stopped after SIGTERM", "exit code 1"])
        .caused_by(&[FAILS]);
}

/// A socket keeps apart what is written at once.
fn each_line_on_standard_error_is_one_write(flavor: &str) {
    let (ours, its) = UnixDatagram::pair().expect("a pair of sockets");
    ours.set_read_timeout(Some(ms(20_000)))
        .expect("it can wait");
    let marks = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("one-write-{flavor}"));
    let mut program = Command::new(env!("CARGO_BIN_EXE_fault"))
        .args([flavor, "single", "hangs after a request"])
        .env("FAULT_MARKS", &marks)
        .env("GRACEFUL_TIMEOUT", "2s")
        .stderr(OwnedFd::from(its))
        .spawn()
        .expect("it starts");
    let mut buffer = vec![0; 1 << 16];
    let mut writes = Vec::new();
    // The last one: nothing says that a socket of this kind was closed.
    while !writes
        .iter()
        .any(|write: &String| write.contains("stopped after"))
    {
        let length = match ours.recv(&mut buffer) {
            // Of a test that was stopped, and goes on.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            received => received.expect("it writes in time"),
        };
        writes.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
    }
    let ended = program.wait().expect("it is our child");
    drop(std::fs::remove_file(marks));
    assert_eq!(ended.code(), Some(124), "{writes:?}");
    assert!(writes.len() > 1, "{writes:?}");
    for write in writes.iter().filter(|write| write.contains("graceful: ")) {
        let is_whole = write.starts_with("graceful: ") && write.ends_with('\n');
        assert!(is_whole, "{writes:?}");
    }
}
