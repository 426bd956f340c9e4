//! The log ends with the timeline and the exit code, on every path to the end.

use crate::moments::program::{Ended, NOISE, Program, ms};
use crate::moments::{on_each_flavor, on_shared_state};
use graceful::Signal;

on_each_flavor!(
    the_log_has_the_end_of_a_clean_stop,
    the_log_has_the_end_of_a_stop_with_a_hanging_field,
    the_log_has_the_end_of_a_stop_with_a_blocking_field,
    the_log_has_the_end_of_a_stop_with_a_panicking_field,
    the_log_has_the_end_of_a_stop_with_a_failing_field,
    the_log_has_the_end_that_a_second_signal_forces,
    the_log_has_the_end_that_the_deadline_forces,
    the_log_has_the_end_of_a_failed_start,
    the_log_has_the_end_of_a_panic_in_the_start,
    the_log_has_the_end_of_a_start_that_a_signal_cuts,
    a_last_word_that_hangs_is_left_behind_and_told_of,
    a_last_word_that_blocks_is_left_behind_and_told_of,
    a_last_word_that_panics_is_told_of,
    a_last_word_that_fails_holds_no_exit_where_nobody_reads_of_it,
    a_second_signal_does_not_wait_for_a_last_word_for_ever,
    a_third_signal_waits_for_no_last_word,
);

on_shared_state!(
    the_log_has_the_end_of_a_clean_stop,
    the_log_has_the_end_of_a_stop_with_a_hanging_field,
    the_log_has_the_end_of_a_stop_with_a_blocking_field,
    the_log_has_the_end_of_a_stop_with_a_panicking_field,
    the_log_has_the_end_of_a_stop_with_a_failing_field,
    the_log_has_the_end_that_a_second_signal_forces,
    the_log_has_the_end_that_the_deadline_forces,
    a_last_word_that_hangs_is_left_behind_and_told_of,
    a_last_word_that_blocks_is_left_behind_and_told_of,
    a_last_word_that_panics_is_told_of,
    a_last_word_that_fails_holds_no_exit_where_nobody_reads_of_it,
    a_second_signal_does_not_wait_for_a_last_word_for_ever,
    a_third_signal_waits_for_no_last_word,
);

/// The limit of the field that hangs or blocks: of one that closes it is long, so that no busy machine cuts it.
const QUEUE: &str = "GRACEFUL_TIMEOUT_QUEUE";

/// The log by a thread whose guard is a last word, and straight to the file.
fn on_each_log(check: impl Fn(bool)) {
    check(false);
    check(true);
}

/// What was said at the end is whole, and is the end of the log.
fn assert_log_ends(log: &str, first: &str, code: i32, rows: &[&str]) {
    let lines: Vec<&str> = log.lines().collect();
    let begins = lines.iter().position(|line| line.contains("stopped after"));
    let begins = begins.unwrap_or_else(|| panic!("no timeline in the log:\n{log}"));
    let line = lines[begins];
    assert!(line.contains(first), "not `{first}`: {line}");
    assert!(line.contains(&format!("(exit code {code})")), "{line}");
    let said = &lines[begins + 1..];
    assert_eq!(said.len(), rows.len(), "the log goes on, or is cut:\n{log}");
    for (line, row) in said.iter().zip(rows) {
        assert!(line.contains(row), "not `{row}`: {line}");
    }
}

fn stop(flavor: &str, case: &str, code: i32, row: &str, causes: &[(&str, &str)]) {
    on_each_log(|straight| {
        let mut program = Program::new("last", flavor, case).straight(straight);
        if matches!(case, "hangs" | "blocks") {
            program = program.env(QUEUE, "300ms");
        }
        let mut running = program.ready();
        running.process.signal(Signal::Terminate);
        let ended = running.end();
        ended.assert_code(code).assert_within(ms(2000) + NOISE);
        assert_log_ends(&ended.log, "SIGTERM", code, &[row]);
        ended.assert_stdout(&["done: spans"]);
        ended.caused_by(causes);
    });
}

fn the_log_has_the_end_of_a_clean_stop(flavor: &str) {
    stop(flavor, "closes", 0, "closed", &[]);
}

fn the_log_has_the_end_of_a_stop_with_a_hanging_field(flavor: &str) {
    stop(flavor, "hangs", 1, "timed out", &[("queue", "timed_out")]);
}

fn the_log_has_the_end_of_a_stop_with_a_blocking_field(flavor: &str) {
    stop(
        flavor,
        "blocks",
        1,
        "it blocks its thread",
        &[("queue", "blocked")],
    );
}

fn the_log_has_the_end_of_a_stop_with_a_panicking_field(flavor: &str) {
    stop(
        flavor,
        "panics",
        1,
        "panicked: queue is on fire",
        &[("queue", "panicked")],
    );
}

fn the_log_has_the_end_of_a_stop_with_a_failing_field(flavor: &str) {
    stop(
        flavor,
        "fails",
        1,
        "failed: queue lost its connection",
        &[("queue", "failed")],
    );
}

fn the_log_has_the_end_that_a_second_signal_forces(flavor: &str) {
    on_each_log(|straight| {
        let program = Program::new("last", flavor, "hangs").straight(straight);
        let mut running = program.ready();
        running.signal_until(Signal::Terminate, "stopping after");
        running.process.signal(Signal::Interrupt);
        let ended = running.end();
        ended.assert_code(130).assert_within(ms(1700) + NOISE);
        assert_log_ends(
            &ended.log,
            "forced by a second signal, SIGINT",
            130,
            &["still running"],
        );
        ended.caused_by(&[("queue", "still_running")]);
        ended.assert_stdout(&["done: spans"]);
    });
}

fn the_log_has_the_end_that_the_deadline_forces(flavor: &str) {
    on_each_log(|straight| {
        let program = Program::new("last", flavor, "blocks its main thread")
            .env("GRACEFUL_TIMEOUT", "4s")
            .env(QUEUE, "1s");
        let mut running = program.straight(straight).ready();
        running.process.after(ms(100)).signal(Signal::Terminate);
        let ended = running.end();
        ended.assert_code(124).assert_within(ms(4000) + NOISE);
        let rows = [
            "closed",
            "left behind: `main`, which had not ended",
            "left behind: `main`: it blocks its thread",
            "the total deadline passed",
        ];
        assert_log_ends(&ended.log, "SIGTERM", 124, &rows);
        ended.caused_by(&[("main", "blocked")]);
        ended.assert_stdout(&["done: spans"]);
    });
}

fn start(flavor: &str, case: &str, first: &str, code: i32, kind: &str) {
    on_each_log(|straight| {
        let program = Program::new("last", flavor, case).straight(straight);
        let ended = program.start().end();
        ended.assert_code(code).assert_within(ms(2000) + NOISE);
        assert_log_ends(&ended.log, first, code, &[]);
        ended.assert_stdout(&["done: logs"]);
        ended.caused_by(&[("main", kind)]);
    });
}

fn the_log_has_the_end_of_a_failed_start(flavor: &str) {
    start(
        flavor,
        "fails to start",
        "main failed: \"no configuration\"",
        1,
        "failed",
    );
}

fn the_log_has_the_end_of_a_panic_in_the_start(flavor: &str) {
    start(
        flavor,
        "panics at the start",
        "main panicked: no configuration",
        101,
        "panicked",
    );
}

fn the_log_has_the_end_of_a_start_that_a_signal_cuts(flavor: &str) {
    let mut running = Program::new("last", flavor, "waits at the start").ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(0);
    assert_log_ends(&ended.log, "SIGTERM", 0, &[]);
    ended.assert_stdout(&["done: logs"]);
}

/// The exit code has been said before, and stands.
fn with_faulty_last_word(flavor: &str, fault: &str) -> Ended {
    let case = format!("a last word {fault}");
    let mut running = Program::new("last", flavor, &case).ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(0).assert_within(ms(2000) + NOISE);
    assert_log_ends(&ended.log, "SIGTERM", 0, &["closed"]);
    ended
}

fn a_last_word_that_hangs_is_left_behind_and_told_of(flavor: &str) {
    let ended = with_faulty_last_word(flavor, "hangs");
    ended.assert_stderr(&["the last word `spans`: timed out"]);
}

fn a_last_word_that_blocks_is_left_behind_and_told_of(flavor: &str) {
    let ended = with_faulty_last_word(flavor, "blocks");
    ended.assert_stderr(&["the last word `spans`: timed out"]);
}

fn a_last_word_that_panics_is_told_of(flavor: &str) {
    let ended = with_faulty_last_word(flavor, "panics");
    ended.assert_stderr(&["the last word `spans`: panicked: spans is on fire"]);
}

fn a_last_word_that_fails_holds_no_exit_where_nobody_reads_of_it(flavor: &str) {
    let program = Program::new("last", flavor, "a last word fails unread").unread();
    let mut running = program.ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(0).assert_within(ms(2000) + NOISE);
    assert_log_ends(&ended.log, "SIGTERM", 0, &["closed"]);
}

fn a_second_signal_does_not_wait_for_a_last_word_for_ever(flavor: &str) {
    let program = Program::new("last", flavor, "a last word hangs");
    let mut running = program.ready();
    // What is said before the first of them begins.
    running.signal_until(Signal::Terminate, "stopped after");
    // Where the machine has stood still meanwhile, the word's own second may be over.
    if running.process.runs() {
        running.process.signal(Signal::Terminate);
    }
    let ended = running.end();
    ended.assert_code(0).assert_within(ms(1500) + NOISE);
    assert_log_ends(&ended.log, "SIGTERM", 0, &["closed"]);
    // It is the last word that it waited for.
    assert!(!ended.stderr.contains("blocking work"), "{}", ended.stderr);
}

fn a_third_signal_waits_for_no_last_word(flavor: &str) {
    let program = Program::new("last", flavor, "a last word blocks");
    let mut running = program.env("GRACEFUL_TIMEOUT", "80s").ready();
    running.signal_until(Signal::Interrupt, "stopped after");
    // The second and the third: one more for each two that a busy machine tells it of as one request.
    for _ in 0..5 {
        if running.process.runs() {
            running.process.signal(Signal::Interrupt).after(ms(280));
        }
    }
    let ended = running.end();
    ended.assert_within(ms(1000) + NOISE);
}
