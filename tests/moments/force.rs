//! What does not end near its limit is forced, and the next one begins on time.

use crate::moments::program::{Ended, NOISE, Program, ms};
use crate::moments::{on_each_flavor, on_shared_state};
use graceful::Signal;

on_each_flavor!(
    what_closes_is_not_forced,
    what_hangs_is_forced_with_what_is_left,
    what_blocks_and_can_not_be_given_back_is_left_behind,
    what_blocks_is_forced_through_a_clone,
    what_hangs_is_forced_through_a_clone,
    what_fails_or_panics_is_not_forced,
    a_force_that_hangs_is_cut_at_the_limit,
    a_force_that_blocks_is_left_behind_at_the_limit,
    a_force_that_panics_says_so,
    a_force_that_fails_says_so,
    a_second_signal_waits_for_no_force,
);

on_shared_state!(
    what_closes_is_not_forced,
    what_hangs_is_forced_with_what_is_left,
    what_blocks_is_forced_through_the_whole,
    what_blocks_is_forced_through_a_clone,
    what_hangs_is_forced_through_a_clone,
    what_fails_or_panics_is_not_forced,
    a_force_that_hangs_is_cut_at_the_limit,
    a_force_that_blocks_is_left_behind_at_the_limit,
    a_force_that_panics_says_so,
    a_force_that_fails_says_so,
    a_second_signal_waits_for_no_force,
);

const GRPC_FORCED: (&str, &str) = ("grpc", "forced");

fn stop(flavor: &str, case: &str) -> Ended {
    let mut running = Program::new("force", flavor, case).ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_within(ms(4000) + NOISE);
    ended.assert_stdout(&["done: db"]);
    ended
}

fn what_closes_is_not_forced(flavor: &str) {
    let ended = stop(flavor, "closes");
    ended.assert_code(0).assert_stdout(&["done: drain"]);
    assert!(!ended.stdout.contains("stop"), "{ended}");
}

fn what_hangs_is_forced_with_what_is_left(flavor: &str) {
    let ended = stop(flavor, "hangs");
    ended.assert_code(1).assert_stdout(&["done: stop"]);
    ended.assert_stderr(&["1 forced, 2 closed"]);
    ended.assert_stderr(&["! grpc", "4.000 s  forced"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn what_blocks_and_can_not_be_given_back_is_left_behind(flavor: &str) {
    let ended = stop(flavor, "blocks");
    ended.assert_code(1);
    ended.assert_stderr(&[
        "! grpc",
        "forced, and that timed out",
        "its close blocks its thread",
    ]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn what_blocks_is_forced_through_the_whole(flavor: &str) {
    let ended = stop(flavor, "blocks");
    ended.assert_code(1).assert_stdout(&["done: stop"]);
    ended.assert_stderr(&["! grpc", "forced; its close blocks its thread"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn what_blocks_is_forced_through_a_clone(flavor: &str) {
    let ended = stop(flavor, "the handle blocks");
    ended
        .assert_code(1)
        .assert_stdout(&["done: stop of the handle"]);
    ended.assert_stderr(&["! shared", "forced; its close blocks its thread"]);
    ended.caused_by(&[("shared", "forced")]);
}

fn what_hangs_is_forced_through_a_clone(flavor: &str) {
    let ended = stop(flavor, "the handle hangs");
    ended
        .assert_code(1)
        .assert_stdout(&["done: stop of the handle"]);
    ended.assert_stderr(&["! shared", "forced"]);
    ended.caused_by(&[("shared", "forced")]);
}

fn what_fails_or_panics_is_not_forced(flavor: &str) {
    for (case, kind, says) in [
        ("fails", "failed", "failed: drain lost"),
        ("panics", "panicked", "panicked: drain"),
    ] {
        let ended = stop(flavor, case);
        ended.assert_code(1).assert_stderr(&["! grpc", says]);
        ended.caused_by(&[("grpc", kind)]);
        assert!(!ended.stdout.contains("stop"), "{ended}");
    }
}

fn a_force_that_hangs_is_cut_at_the_limit(flavor: &str) {
    let ended = stop(flavor, "hangs, hangs");
    ended
        .assert_code(1)
        .assert_stderr(&["! grpc", "forced, and that timed out"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn a_force_that_blocks_is_left_behind_at_the_limit(flavor: &str) {
    let ended = stop(flavor, "hangs, blocks");
    ended
        .assert_code(1)
        .assert_stderr(&["! grpc", "forced, and that timed out"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn a_force_that_panics_says_so(flavor: &str) {
    let ended = stop(flavor, "hangs, panics");
    ended
        .assert_code(1)
        .assert_stderr(&["! grpc", "forced, and that panicked: stop is on fire"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn a_force_that_fails_says_so(flavor: &str) {
    let ended = stop(flavor, "hangs, fails");
    ended
        .assert_code(1)
        .assert_stderr(&["! grpc", "forced, and that failed: stop lost"]);
    ended.caused_by(&[GRPC_FORCED]);
}

fn a_second_signal_waits_for_no_force(flavor: &str) {
    let mut running = Program::new("force", flavor, "hangs, hangs").ready();
    running.signal_until(Signal::Terminate, "stopping after");
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(143).assert_within(ms(700) + NOISE);
    ended.assert_stderr(&["grpc", "still running"]);
    ended.caused_by(&[
        ("grpc", "still_running"),
        ("shared", "not_started"),
        ("db", "not_started"),
    ]);
}
