//! What one annotated function leaves to the process has its time: it is nothing to one that is called
//! hours later.

use crate::program::Program;

on_each_flavor!(
    a_signal_that_came_late_does_not_cut_another_function,
    the_code_of_one_function_is_not_anothers,
);

fn a_signal_that_came_late_does_not_cut_another_function(flavor: &str) {
    let ended = Program::new(flavor, "a late signal").stop();
    ended
        .said("the first has returned")
        .said("the second went on")
        .code(0);
}

fn the_code_of_one_function_is_not_anothers(flavor: &str) {
    let ended = Program::new(flavor, "an old code").run();
    ended.said("the first has failed").code(0);
}
