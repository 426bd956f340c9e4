//! What is done at the request comes before every close, for each reason, and is bounded.

use crate::moments::program::{Ended, NOISE, Program, Running, ms};
use crate::moments::{on_each_flavor, on_shared_state};
use graceful::Signal;

on_each_flavor!(
    it_is_done_while_the_delay_passes,
    it_is_done_before_the_closes_where_there_is_no_delay,
    it_is_done_where_the_program_asks_for_its_stop,
    it_is_done_for_a_state_that_comes_behind_the_request,
    it_is_done_where_a_critical_task_ends,
    one_that_hangs_is_cut_and_everything_closes,
    one_that_blocks_has_its_field_and_the_others_close,
    one_that_panics_takes_nothing_with_it,
    one_that_fails_says_so,
    a_second_signal_does_not_wait_for_it,
    it_is_not_done_where_the_start_failed,
);

on_shared_state!(
    it_is_done_while_the_delay_passes,
    it_is_done_before_the_closes_where_there_is_no_delay,
    it_is_done_where_the_program_asks_for_its_stop,
    it_is_done_for_a_state_that_comes_behind_the_request,
    it_is_done_where_a_critical_task_ends,
    one_that_hangs_is_cut_and_everything_closes,
    one_that_blocks_has_its_field_and_the_others_close,
    one_that_panics_takes_nothing_with_it,
    one_that_fails_says_so,
    a_second_signal_does_not_wait_for_it,
);

const AT_REQUEST: &str = "registry.at_request";

fn program(flavor: &str, case: &str) -> Program {
    Program::new("request", flavor, case)
}

fn stop(mut running: Running, signal: Signal) -> Ended {
    running.process.signal(signal);
    running.end()
}

/// These lines are there, one behind the other.
fn assert_said(ended: &Ended, lines: &[&str]) {
    let mut rest = &*ended.stdout;
    for line in lines {
        let at = rest.find(line);
        let at = at.unwrap_or_else(|| panic!("no `{line}` in its turn: {ended}"));
        rest = &rest[at + line.len()..];
    }
}

fn it_is_done_while_the_delay_passes(flavor: &str) {
    let running = program(flavor, "leaves")
        .env("GRACEFUL_DELAY", "2s")
        .ready();
    let ended = stop(running, Signal::Terminate);
    ended.assert_code(0).assert_within(ms(2200) + NOISE);
    let lines = ["done: leave", "requested", "done: registry", "done: db"];
    assert_said(&ended, &lines);
    assert_said(&ended, &["draining", "requested"]);
}

fn it_is_done_before_the_closes_where_there_is_no_delay(flavor: &str) {
    // A person at a terminal does not wait for the delay.
    let running = program(flavor, "leaves")
        .env("GRACEFUL_DELAY", "3s")
        .ready();
    let ended = stop(running, Signal::Interrupt);
    ended.assert_code(0).assert_within(ms(200) + NOISE);
    assert_said(&ended, &["done: leave", "done: http", "done: registry"]);
    ended.assert_stdout(&["draining"]);
}

fn it_is_done_where_the_program_asks_for_its_stop(flavor: &str) {
    let ended = program(flavor, "asks for it").start().end();
    ended.assert_code(0);
    assert_said(&ended, &["done: leave", "done: http", "done: db"]);
    ended.assert_stdout(&["draining"]);
}

fn it_is_done_for_a_state_that_comes_behind_the_request(flavor: &str) {
    let case = "asks for it before it has its state";
    let ended = program(flavor, case).start().end();
    ended.assert_code(0).assert_within(ms(200) + NOISE);
    assert_said(
        &ended,
        &["done: leave", "done: http", "done: registry", "done: db"],
    );
}

fn it_is_done_where_a_critical_task_ends(flavor: &str) {
    let ended = program(flavor, "loses its consumer").start().end();
    ended.assert_code(1);
    ended.caused_by(&[("consumer", "ended")]);
    assert_said(&ended, &["done: leave", "done: http", "done: db"]);
    ended.assert_stdout(&["draining"]);
}

fn one_that_hangs_is_cut_and_everything_closes(flavor: &str) {
    let ended = stop(program(flavor, "hangs").ready(), Signal::Terminate);
    // At most two seconds, and what the closes have declared is theirs.
    ended.assert_code(1).assert_within(ms(2300) + NOISE);
    ended.assert_stderr(&["1 timed out, 3 closed"]);
    ended.assert_stderr(&[AT_REQUEST, "timed out"]);
    ended.caused_by(&[(AT_REQUEST, "timed_out")]);
    assert_said(
        &ended,
        &["requested", "done: http", "done: registry", "done: db"],
    );
}

fn one_that_blocks_has_its_field_and_the_others_close(flavor: &str) {
    let program = program(flavor, "blocks").env("GRACEFUL_TIMEOUT_REGISTRY", "300ms");
    let ended = stop(program.ready(), Signal::Terminate);
    ended.assert_code(1).assert_within(ms(4000) + NOISE);
    ended.assert_stderr(&["2 timed out, 2 closed"]);
    ended.assert_stderr(&[AT_REQUEST, "it blocks its thread"]);
    ended.assert_stderr(&["waiting for its `at_request`"]);
    ended.caused_by(&[(AT_REQUEST, "blocked"), ("registry", "timed_out")]);
    assert_said(&ended, &["done: http", "done: db"]);
}

fn one_that_panics_takes_nothing_with_it(flavor: &str) {
    let ended = stop(program(flavor, "panics").ready(), Signal::Terminate);
    ended.assert_code(1).assert_within(ms(300) + NOISE);
    ended.assert_stderr(&[AT_REQUEST, "panicked: leave is on fire"]);
    ended.caused_by(&[(AT_REQUEST, "panicked")]);
    assert_said(&ended, &["done: http", "done: registry", "done: db"]);
}

fn one_that_fails_says_so(flavor: &str) {
    let ended = stop(program(flavor, "fails").ready(), Signal::Terminate);
    ended.assert_code(1).assert_within(ms(300) + NOISE);
    ended.assert_stderr(&[AT_REQUEST, "failed: leave lost its connection"]);
    ended.caused_by(&[(AT_REQUEST, "failed")]);
    assert_said(&ended, &["done: http", "done: registry", "done: db"]);
}

fn a_second_signal_does_not_wait_for_it(flavor: &str) {
    let mut running = program(flavor, "hangs").ready();
    running.signal_until(Signal::Terminate, "stopping after");
    let ended = stop(running, Signal::Terminate);
    ended.assert_code(143).assert_within(ms(700) + NOISE);
    ended.assert_stderr(&[AT_REQUEST, "still running"]);
    ended.caused_by(&[
        (AT_REQUEST, "still_running"),
        ("http", "not_started"),
        ("registry", "not_started"),
        ("db", "not_started"),
    ]);
}

fn it_is_not_done_where_the_start_failed(flavor: &str) {
    let ended = program(flavor, "fails to start").start().end();
    ended.assert_code(1);
    ended.caused_by(&[("main", "failed")]);
    assert!(!ended.stdout.contains("done"), "{ended}");
}
