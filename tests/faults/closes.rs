//! A field that hangs, panics, fails or blocks keeps no other from being closed, nor takes its time.

use crate::faults::ended::{Ended, blocked_worker};
use crate::faults::harness::{DEADLINE, LIMIT, Program, SOON, Signal, ms};

on_each_flavor!(
    without_a_fault_everything_closes_quietly,
    a_hanging_close_is_left_at_its_limit,
    a_future_whose_drop_blocks_is_left_behind,
    a_panicking_close_is_caught,
    a_failing_close_is_named,
    a_blocking_close_is_left_at_its_limit,
    a_panicking_drop_is_caught,
    a_blocking_drop_is_left_at_its_limit,
    three_faults_in_a_row_leave_the_fourth_its_time,
    a_close_without_a_limit_has_the_whole_budget,
    a_close_that_is_slow_is_said_with_the_thread_that_it_blocks,
);

on_flavor!(
    local,
    without_a_fault_everything_closes_quietly,
    a_blocking_close_is_left_at_its_limit,
);

/// All but the faulty one.
const OTHERS: [&str; 5] = ["http", "guard", "cache", "db", "lease"];

fn terminated(flavor: &str, fault: &str) -> Ended {
    Program::service(flavor, fault).stop()
}

fn without_a_fault_everything_closes_quietly(flavor: &str) {
    let ended = terminated(flavor, "none");
    ended
        .code(0)
        .at_once()
        .closed(&["http", "queue", "guard", "cache", "db", "lease"])
        .says(&["SIGTERM", "closing", "12s at most"])
        .does_not_say("stopped after");
}

/// `queue`, with its last word, and the others have the time that is theirs.
fn left_at_its_limit(flavor: &str, fault: &str, kind: &'static str, word: &'static str) {
    let ended = terminated(flavor, fault);
    let causes = [("queue", kind, word), blocked_worker(flavor)];
    let causes = match flavor {
        // It is polled by the main thread.
        "local" => &causes[..],
        _ => &causes[..1],
    };
    ended
        .code(1)
        .not_before(LIMIT)
        .within(SOON)
        .closed(&OTHERS)
        .had("cache", ms(100))
        .had("db", ms(100))
        .timed_out("queue", LIMIT, word)
        .caused_by(causes)
        .says(&["stopped after SIGTERM", "1 timed out", "exit code 1"]);
}

fn a_hanging_close_is_left_at_its_limit(flavor: &str) {
    left_at_its_limit(flavor, "hangs", "timed_out", "flushed 3 of 10");
}

fn a_future_whose_drop_blocks_is_left_behind(flavor: &str) {
    left_at_its_limit(flavor, "hangs and its drop blocks", "blocked", "");
}

/// `queue` alone is lost, at once, and says why.
fn lost_at_once(flavor: &str, fault: &str, how: &'static str, why: &'static str) {
    let ended = terminated(flavor, fault);
    ended
        .code(1)
        .at_once()
        .closed(&OTHERS)
        .says(&["queue", &format!("{how}: {why}")])
        .says(&[&format!("1 {how}"), "exit code 1"])
        .caused_by(&[("queue", how, why)]);
}

fn a_panicking_close_is_caught(flavor: &str) {
    lost_at_once(flavor, "panics", "panicked", "the queue is on fire");
}

fn a_failing_close_is_named(flavor: &str) {
    lost_at_once(flavor, "fails", "failed", "connection reset by peer");
}

fn a_blocking_close_is_left_at_its_limit(flavor: &str) {
    left_at_its_limit(flavor, "blocks", "blocked", "joining the poller");
}

fn a_panicking_drop_is_caught(flavor: &str) {
    let ended = terminated(flavor, "drop panics");
    ended
        .code(1)
        .at_once()
        .closed(&["http", "queue", "cache", "db", "lease"])
        .says(&["guard", "panicked: the guard let go"])
        .caused_by(&[("guard", "panicked", "the guard let go")]);
}

fn a_blocking_drop_is_left_at_its_limit(flavor: &str) {
    let ended = terminated(flavor, "drop blocks");
    ended
        .code(1)
        .not_before(LIMIT)
        .within(SOON)
        .closed(&["http", "queue", "cache", "db", "lease"])
        .had("db", ms(100))
        .timed_out("guard", LIMIT, "")
        .caused_by(&[("guard", "blocked", "thread ")]);
}

fn three_faults_in_a_row_leave_the_fourth_its_time(flavor: &str) {
    let ended = Program::new(flavor, "wreck", "").stop();
    ended
        .code(1)
        .not_before(ms(400))
        .within(SOON)
        .closed(&["db"])
        .had("db", ms(100))
        .timed_out("hangs", LIMIT, "flushed 3 of 10")
        .says(&["panics", "panicked: the queue is on fire"])
        .timed_out("blocks", LIMIT, "joining the poller")
        .says(&["2 timed out", "1 panicked", "1 closed"])
        .caused_by(&[
            ("hangs", "timed_out", "flushed 3 of 10"),
            ("panics", "panicked", "the queue is on fire"),
            ("blocks", "blocked", "joining the poller"),
        ]);
}

/// Five seconds after the stop has begun, and not only at its end.
fn a_close_that_is_slow_is_said_with_the_thread_that_it_blocks(flavor: &str) {
    let mut running = Program::new(flavor, "single", "blocks")
        .with("GRACEFUL_TIMEOUT", "30s")
        .ready();
    running.signal(Signal::Terminate);
    let line = running.wait_for_stderr("still waiting for ");
    let ended = running.signal(Signal::Terminate).end();
    ended
        .code(143)
        .caused_by(&[("queue", "still_running", "joining the poller")]);
    for words in [
        "queue for ",
        "(joining the poller; it blocks thread graceful-closin (",
        "), sleeping",
        "are left",
    ] {
        assert!(line.contains(words), "{line}");
    }
    // It may have begun a moment behind the stop, and a machine that stands still is late to say so: but before the end.
    let waited = line.split_once("queue for ").and_then(|(_, behind)| {
        let (seconds, _) = behind.split_once(" s")?;
        seconds.parse::<f64>().ok()
    });
    assert!(waited.is_some_and(|seconds| seconds >= 4.0), "{line}");
}

fn a_close_without_a_limit_has_the_whole_budget(flavor: &str) {
    let ended = Program::new(flavor, "single", "hangs")
        .with("GRACEFUL_TIMEOUT", "3s")
        .stop();
    ended
        .code(124)
        .not_before(ms(2950))
        .within(DEADLINE)
        .closed(&[])
        .timed_out("queue", DEADLINE, "flushed 3 of 10")
        .says(&["the total deadline passed"])
        .caused_by(&[("queue", "timed_out", "flushed 3 of 10")]);
}
