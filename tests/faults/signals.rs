//! Which signals stop the process, and what more of them do.

use crate::faults::ended::{Cause, Ended};
use crate::faults::harness::{Program, SOON, Signal, ms};
use std::os::unix::process::ExitStatusExt as _;
use std::time::Instant;

on_each_flavor!(
    each_default_signal_stops,
    each_selected_signal_stops,
    a_signal_that_was_not_selected_kills_as_ever,
    a_second_signal_forces_the_exit,
    a_second_signal_says_what_a_deaf_main_is_to_await,
    a_second_signal_forces_the_exit_of_a_blocked_process,
    a_second_signal_cuts_the_grace_of_blocking_work,
    a_signal_during_another_stop_is_announced_and_the_next_forces_the_exit,
    a_third_signal_is_not_held_up_by_the_report,
    a_hundred_signals_at_once_are_one_request,
    requested_waits_for_the_delay,
    ctrl_c_skips_the_delay,
);

const STILL_RUNS: Cause = ("queue", "still_running", "flushed 3 of 10");

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

/// Longer than what still counts as the same request.
const APART: u64 = 400;

fn each_default_signal_stops(flavor: &str) {
    for (signal, name) in [
        (Signal::Interrupt, "SIGINT"),
        (Signal::Terminate, "SIGTERM"),
    ] {
        let ended = Program::service(flavor, "none")
            .ready()
            .signal(signal)
            .end();
        ended.code(0).at_once().closed(&ALL).says(&[name]);
    }
}

fn each_selected_signal_stops(flavor: &str) {
    for (signal, name) in [(Signal::Hangup, "SIGHUP"), (Signal::Quit, "SIGQUIT")] {
        let ended = Program::new(flavor, "selected", "none")
            .ready()
            .signal(signal)
            .end();
        ended
            .code(0)
            .at_once()
            .closed(&ALL)
            .says(&["stopped after", name]);
    }
}

/// The kernel's default, since no handler was asked for.
fn a_signal_that_was_not_selected_kills_as_ever(flavor: &str) {
    for (shape, signal) in [("service", Signal::Hangup), ("selected", Signal::Terminate)] {
        let ended = Program::new(flavor, shape, "none")
            .ready()
            .signal(signal)
            .end();
        assert_eq!(ended.status.signal(), Some(signal.number().into()));
        ended.at_once().closed(&[]);
    }
}

fn a_second_signal_forces_the_exit(flavor: &str) {
    for (signal, code) in [(Signal::Interrupt, 130), (Signal::Terminate, 143)] {
        let ended = Program::new(flavor, "single", "hangs")
            .with("GRACEFUL_TIMEOUT", "15s")
            .ready()
            .signal(Signal::Terminate)
            .heard()
            .after(ms(APART))
            .signal(signal)
            .end();
        ended
            .code(code)
            .not_before(ms(APART))
            .within(ms(APART))
            .says(&["queue", "still running", "flushed 3 of 10"])
            .says(&["stopped after SIGTERM", "forced by a second signal"])
            .says(&[&format!("exit code {code}")])
            .caused_by(&[STILL_RUNS]);
    }
}

fn interrupted_twice(program: Program) -> Ended {
    program
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready()
        .signal(Signal::Interrupt)
        .heard()
        .after(ms(APART))
        .signal(Signal::Interrupt)
        .end()
}

/// Whoever asks again since nothing happens is told what to write, whether it has heard or not: this one has.
fn a_second_signal_says_what_a_deaf_main_is_to_await(flavor: &str) {
    let ended = interrupted_twice(Program::body(flavor, "asks and works for ever"));
    ended
        .code(130)
        .within(ms(APART))
        .says(&[
            "left behind: `main`",
            "where it has not heard of SIGINT",
            "graceful::requested()",
            "listens = false",
            "what it waits for has no limit, as a field of a state would have",
        ])
        .caused_by(&[
            ("lease", "not_started", ""),
            ("main", "still_running", "had not ended"),
        ]);
}

fn a_second_signal_forces_the_exit_of_a_blocked_process(flavor: &str) {
    let ended = interrupted_twice(Program::service(flavor, "start-up blocks"));
    ended
        .code(130)
        .within(ms(APART))
        .says(&["1 not started", "exit code 130"])
        .says(&["lease", "not started"])
        .caused_by(&[
            ("lease", "not_started", ""),
            ("main", "still_running", "had not ended"),
        ]);
}

/// Of a grace that is not over before the second one, however late a busy machine is to send it.
fn a_second_signal_cuts_the_grace_of_blocking_work(flavor: &str) {
    let mut running = Program::new(flavor, "patient", "stdin read pending").ready();
    running.signal(Signal::Interrupt);
    // The last of all: behind it nothing is left but that work.
    running.wait_for_mark("closed lease");
    let ended = running.after(ms(APART)).signal(Signal::Interrupt).end();
    ended
        .code(130)
        .closed(&ALL)
        .says(&["stopped after SIGINT", "6 closed", "exit code 130"])
        .says(&["the runtime, which had not ended", "s after the closes"])
        .caused_by(&[("blocking_work", "still_running", "may hold it up")]);
    let forced = |step: &str| step.contains("forced by a second signal, SIGINT");
    assert!(
        ended.stderr.lines().any(forced),
        "the grace of 8 s was waited for"
    );
}

/// The stop began without a signal, so the first one may be meant to begin it.
fn a_signal_during_another_stop_is_announced_and_the_next_forces_the_exit(flavor: &str) {
    let mut running = Program::new(flavor, "single", "hangs after a request")
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready();
    running.signal(Signal::Terminate);
    // That it stops says nothing of the signal: it did so before.
    running.wait_for_stderr("SIGTERM: already closing");
    let ended = running.after(ms(APART)).signal(Signal::Terminate).end();
    ended
        .code(143)
        .not_before(ms(APART))
        .within(ms(APART))
        .says(&["request: the licence has expired", "closing queue"])
        .says(&["SIGTERM: already closing"])
        .says(&[
            "stopped after request: the licence has expired",
            "exit code 143",
        ])
        .caused_by(&[STILL_RUNS]);
}

/// The report's reader is asleep, so that the second signal's exit waits for it as long as it may.
fn a_third_signal_is_not_held_up_by_the_report(flavor: &str) {
    let ended = Program::service(flavor, "stderr floods")
        .with("GRACEFUL_TIMEOUT", "15s")
        .with("GRACEFUL_DELAY", "10s")
        .reader_asleep()
        .ready()
        .signal(Signal::Terminate)
        .heard()
        .after(ms(APART))
        .signal(Signal::Terminate)
        .after(ms(260))
        .signal(Signal::Terminate)
        .end();
    let not_started = ALL.map(|field| (field, "not_started", ""));
    ended
        .code(143)
        .within(ms(APART + 260))
        .caused_by(&not_started);
}

fn a_hundred_signals_at_once_are_one_request(flavor: &str) {
    let hundred = || {
        let mut running = Program::service(flavor, "none").ready();
        running.signal(Signal::Terminate);
        let began = Instant::now();
        for _ in (1..100).take_while(|_| began.elapsed() < ms(100)) {
            running
                .after(std::time::Duration::from_micros(100))
                .signal(Signal::Terminate);
        }
        running.end()
    };
    // Those that a machine which stands still holds back are another request.
    let mut ended = hundred();
    for _ in 0..3 {
        if ended.says_nothing() {
            ended = hundred();
        }
    }
    ended.code(0).at_once().closed(&ALL);
}

fn requested_waits_for_the_delay(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("GRACEFUL_DELAY", "400ms")
        .stop();
    ended
        .code(0)
        .not_before(ms(400))
        .within(SOON)
        .closed(&ALL)
        .says(&["SIGTERM", "still serving for 400ms"]);
    let requested = ended.mark("requested");
    assert!(requested >= ms(400), "requested after {requested:?}");
}

fn ctrl_c_skips_the_delay(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("GRACEFUL_TIMEOUT", "15s")
        .with("GRACEFUL_DELAY", "10s")
        .ready()
        .signal(Signal::Interrupt)
        .end();
    ended.code(0).within(SOON).closed(&ALL);
}
