//! A field that the service can't do without: when its task ends, so does the process.

use crate::faults::ended::blocked_worker;
use crate::faults::harness::{Program, SOON, ms};

on_each_flavor!(
    a_critical_task_that_ends_stops_the_process,
    a_critical_task_that_fails_stops_the_process,
    a_critical_task_that_panics_stops_the_process,
    a_critical_task_that_is_aborted_stops_the_process,
    one_that_ends_when_it_is_asked_is_waited_for,
    one_that_hears_of_the_signal_first_is_not_the_reason,
    one_that_never_ends_is_aborted_at_its_limit,
    one_that_ends_while_every_worker_is_blocked_is_still_closed,
);

on_flavor!(local, a_critical_task_that_fails_stops_the_process);

fn dependent(flavor: &str, fault: &str) -> Program {
    Program::new(flavor, "dependent", fault)
}

fn a_critical_task_that_ends_stops_the_process(flavor: &str) {
    let ended = dependent(flavor, "it ends").start().end();
    ended
        .code(1)
        .at_once()
        .closed(&["db"])
        .says(&["stopping after critical task `consumer` ended"])
        .caused_by(&[("consumer", "ended", "ended")]);
}

fn a_critical_task_that_fails_stops_the_process(flavor: &str) {
    let ended = dependent(flavor, "it fails").start().end();
    ended
        .code(1)
        .at_once()
        .closed(&["db"])
        .says(&["stopping after critical task `consumer` failed: connection lost; closing "])
        .says(&["stopped after critical task `consumer` failed: connection lost, in "])
        .says(&["! consumer", "failed: connection lost"])
        .caused_by(&[
            ("consumer", "ended", "failed: connection lost"),
            ("consumer", "failed", "connection lost"),
        ]);
}

fn a_critical_task_that_panics_stops_the_process(flavor: &str) {
    let ended = dependent(flavor, "it panics").start().end();
    ended
        .code(1)
        .at_once()
        .closed(&["db"])
        .says(&["stopping after critical task `consumer` panicked: an offset is missing"])
        .says(&["! consumer", "panicked: an offset is missing"])
        .caused_by(&[
            ("consumer", "ended", "panicked: an offset is missing"),
            ("consumer", "panicked", "an offset is missing"),
        ]);
}

fn a_critical_task_that_is_aborted_stops_the_process(flavor: &str) {
    let ended = dependent(flavor, "it is aborted").start().end();
    ended
        .code(1)
        .at_once()
        .closed(&["db"])
        .says(&["stopping after critical task `consumer` was aborted"])
        .caused_by(&[("consumer", "ended", "was aborted")]);
}

fn one_that_ends_when_it_is_asked_is_waited_for(flavor: &str) {
    let ended = dependent(flavor, "it ends once it is asked").stop();
    ended.code(0).at_once().closed(&["db"]);
    assert!(ended.mark("consumer has ended") < ended.mark("closed db"));
}

/// Both listen to the same signal, and who is told first is up to the kernel: so several times.
fn one_that_hears_of_the_signal_first_is_not_the_reason(flavor: &str) {
    for _ in 0..8 {
        let ended = dependent(flavor, "it listens for itself").stop();
        ended
            .code(0)
            .at_once()
            .closed(&["db"])
            .says(&["stopping after SIGTERM"]);
    }
}

fn one_that_never_ends_is_aborted_at_its_limit(flavor: &str) {
    let ended = dependent(flavor, "it never ends")
        .with("GRACEFUL_TIMEOUT_CONSUMER", "200ms")
        .stop();
    ended
        .code(1)
        .at_once()
        .closed(&["db"])
        .timed_out("consumer", ms(200), "")
        .says(&["stopping after SIGTERM"])
        .caused_by(&[("consumer", "timed_out", "")]);
    assert!(ended.mark("consumer was dropped") < ended.mark("closed db"));
}

/// Who watched it needs a worker; who closes it must not.
fn one_that_ends_while_every_worker_is_blocked_is_still_closed(flavor: &str) {
    let ended = dependent(flavor, "it ends while every worker is blocked").stop();
    ended
        .code(1)
        .within(SOON)
        .closed(&["db"])
        .says(&["stopping after SIGTERM"])
        .says(&["! consumer", "failed: 2 messages are lost"])
        .caused_by(&[
            ("consumer", "failed", "2 messages are lost"),
            blocked_worker(flavor),
        ]);
}
