//! Tasks that nobody waits for are told of where they are cut.

use crate::moments::on_each_flavor;
use crate::moments::program::{Ended, Program};
use graceful::Signal;

on_each_flavor!(
    tasks_that_are_cut_are_counted,
    tasks_that_end_by_themselves_are_not,
    tracked_tasks_are_told_of_by_their_tracker,
);

fn stop(flavor: &str, case: &str) -> Ended {
    let mut running = Program::new("leaks", flavor, case).ready();
    running.process.signal(Signal::Terminate);
    running.end()
}

fn tasks_that_are_cut_are_counted(flavor: &str) {
    let ended = stop(flavor, "two tasks");
    ended.assert_code(0);
    ended.assert_stderr(&["2 tasks were still alive, which nobody waited for, and are cut"]);
}

fn tasks_that_end_by_themselves_are_not(flavor: &str) {
    let ended = stop(flavor, "tasks that listen");
    ended.assert_code(0);
    assert!(!ended.stderr.contains("still alive"), "{ended}");
}

/// Its thread works on, as one that waits for a processor would.
#[test]
fn a_task_that_ends_on_a_busy_thread_is_no_leak() {
    stop("strict", "a task that ends late").assert_code(0);
}

fn tracked_tasks_are_told_of_by_their_tracker(flavor: &str) {
    let ended = stop(flavor, "tracked tasks");
    ended.assert_code(1).assert_stderr(&["100 in flight"]);
    ended.caused_by(&[("jobs", "timed_out")]);
    assert!(!ended.stderr.contains("still alive"), "{ended}");
}

#[test]
fn they_make_the_stop_unclean_where_the_program_says_so() {
    let ended = stop("strict", "two tasks");
    ended
        .assert_code(1)
        .assert_stderr(&["2 tasks were still alive"]);
    ended.caused_by(&[("tasks", "left_behind")]);
    stop("strict", "none").assert_code(0);
}

#[test]
fn a_main_that_returns_says_nothing_of_them() {
    let ended = Program::new("leaks", "returns", "two tasks").start().end();
    ended.assert_code(0);
    assert_eq!(ended.stderr, "", "{ended}");
}

#[test]
fn so_does_a_main_that_returns_where_it_is_asked_to() {
    let ended = Program::new("leaks", "strict returns", "two tasks")
        .start()
        .end();
    ended
        .assert_code(1)
        .assert_stderr(&["tasks were still alive"]);
    ended.caused_by(&[("tasks", "left_behind")]);
}
