//! Where a thread is left in code of the user's, the process ends under nobody's feet: no exit handler runs, and the code is the one
//! that was said.

use crate::program::Program;

on_each_flavor!(
    a_close_that_was_left_keeps_what_it_uses,
    a_last_word_that_was_left_keeps_what_it_uses,
    blocking_work_that_was_left_keeps_what_it_uses,
    where_nothing_is_left_exit_handlers_run,
);

fn a_close_that_was_left_keeps_what_it_uses(flavor: &str) {
    let ended = Program::new(flavor, "a close uses a table that is freed").stop();
    ended.code(1).reported(&["1 timed out", "exit code 1"]);
    assert!(!ended.stdout.contains("freed"), "{}", *ended);
    // What was printed without a newline.
    assert!(ended.stdout.contains("a last word"), "{}", *ended);
}

fn a_last_word_that_was_left_keeps_what_it_uses(flavor: &str) {
    let ended = Program::new(flavor, "a last word uses a table that is freed").stop();
    ended.code(0).reported(&["1 closed", "exit code 0"]);
    assert!(!ended.stdout.contains("freed"), "{}", *ended);
}

fn blocking_work_that_was_left_keeps_what_it_uses(flavor: &str) {
    let ended = Program::new(flavor, "blocking work uses a table that is freed").stop();
    ended.code(0).reported(&["1 closed", "exit code 0"]);
    assert!(!ended.stdout.contains("freed"), "{}", *ended);
}

fn where_nothing_is_left_exit_handlers_run(flavor: &str) {
    let ended = Program::new(flavor, "a table is freed").stop();
    ended.code(0).said("freed");
}
