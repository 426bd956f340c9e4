//! A signal waits for the end of what is shielded in a start-up, and nothing behind that begins.

use crate::moments::on_each_flavor;
use crate::moments::program::{Ended, NOISE, Program, ms};
use graceful::Signal;

on_each_flavor!(
    a_signal_waits_for_the_end_of_the_section,
    it_waits_for_one_in_a_task_of_the_start_up,
    a_section_that_has_not_begun_does_not_begin,
    one_that_hangs_is_cut_in_time_for_the_closes,
    one_that_blocks_is_left_behind_at_the_deadline,
    one_that_panics_is_a_panic_of_main,
    one_that_fails_is_cut_at_its_end_like_any_other,
    a_second_signal_does_not_wait_for_it,
    without_a_signal_the_start_goes_on,
);

fn stop(flavor: &str, case: &str) -> Ended {
    let mut running = Program::new("shield", flavor, case).ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    assert!(!ended.stdout.contains("began"), "{ended}");
    ended.assert_within(ms(4000) + NOISE);
    ended
}

fn assert_waited(ended: &Ended) {
    ended.assert_stderr(&["waiting for `migrate`, which is shielded"]);
    ended.assert_stderr(&["waited for `migrate`, which is shielded, for"]);
}

fn a_signal_waits_for_the_end_of_the_section(flavor: &str) {
    let ended = stop(flavor, "closes");
    ended.assert_code(0).assert_stdout(&["done: migration"]);
    ended.assert_stdout(&["done: pool"]);
    assert_waited(&ended);
}

fn it_waits_for_one_in_a_task_of_the_start_up(flavor: &str) {
    let ended = stop(flavor, "in a task");
    ended.assert_code(0).assert_stdout(&["done: migration"]);
    assert_waited(&ended);
}

fn a_section_that_has_not_begun_does_not_begin(flavor: &str) {
    let ended = stop(flavor, "beside another");
    ended.assert_code(0).assert_stdout(&["done: migration"]);
}

fn one_that_hangs_is_cut_in_time_for_the_closes(flavor: &str) {
    let ended = stop(flavor, "hangs");
    ended.assert_code(1).assert_stdout(&["done: pool"]);
    ended.assert_stderr(&["waited for `migrate`", "in vain"]);
    ended.assert_stderr(&["left behind: `migrate` of `main`"]);
    ended.caused_by(&[("main", "timed_out")]);
}

fn one_that_blocks_is_left_behind_at_the_deadline(flavor: &str) {
    let ended = stop(flavor, "blocks");
    ended.assert_code(124).assert_stdout(&["done: pool"]);
    ended.assert_stderr(&["left behind: `migrate` of `main`"]);
    ended.caused_by(&[("main", "blocked")]);
}

fn one_that_panics_is_a_panic_of_main(flavor: &str) {
    let ended = stop(flavor, "panics");
    ended.assert_code(101).assert_stdout(&["done: pool"]);
    ended.caused_by(&[("main", "panicked")]);
}

/// Who would look at its error does not begin.
fn one_that_fails_is_cut_at_its_end_like_any_other(flavor: &str) {
    let ended = stop(flavor, "fails");
    ended.assert_code(0).assert_stdout(&["done: pool"]);
}

fn a_second_signal_does_not_wait_for_it(flavor: &str) {
    let program = Program::new("shield", flavor, "hangs");
    let mut running = program.env("GRACEFUL_TIMEOUT", "20s").ready();
    running.signal_until(Signal::Terminate, "stopping after");
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(143).assert_within(ms(700) + NOISE);
    ended.caused_by(&[("pool", "not_started"), ("main", "still_running")]);
}

fn without_a_signal_the_start_goes_on(flavor: &str) {
    let mut running = Program::new("shield", flavor, "goes on").ready();
    running.process.signal(Signal::Terminate);
    let ended = running.end();
    ended.assert_code(0).assert_stdout(&["began: what follows"]);
    assert!(!ended.stderr.contains("shielded"), "{ended}");
}

#[test]
fn a_main_that_heard_nothing_is_dropped_behind_its_section() {
    let ended = stop("multi_thread", "deaf");
    // As when the signal killed it.
    ended.assert_code(143).assert_stdout(&["done: migration"]);
    ended.caused_by(&[("main", "dropped")]);
    assert_waited(&ended);
}
