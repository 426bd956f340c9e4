//! Whatever is registered, and whoever registers it: the process ends by the deadline.

use crate::ms;
use crate::program::{Program, alone};

on_each_flavor!(a_thread_that_defers_in_a_tight_loop_does_not_outlive_the_deadline);

fn a_thread_that_defers_in_a_tight_loop_does_not_outlive_the_deadline(flavor: &str) {
    let _alone = alone();
    let ended = Program::new(flavor, "a thread defers in a tight loop").stop_alone();
    // Long before the threads stop by themselves, after 20 s. Each of the many is taken apart, on a machine as busy as it is.
    ended.said("loops").within(ms(8000));
    assert_ne!(ended.status.code(), Some(0), "{}", ended.status);
    ended.reported(&["stopped after SIGTERM"]);
    let lines = ended.stderr.lines().count();
    assert!(lines <= 100, "{lines} lines of standard error");
}
