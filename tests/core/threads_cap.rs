//! Closes that block have threads, and no more of them than a cap; the rest waits, and the report says so.

use crate::ms;
use crate::program::{Ended, Program};

on_each_flavor!(
    thousands_of_closes_that_block_have_few_threads,
    the_cap_can_be_set,
);

/// What there is beside the closing threads: the runtime's, the supervisor's, the test's own.
const OTHERS: u64 = 20;

/// Why there is a cap, and which: a thread takes 2 MB of address space, and a container has some 1,000.
const DEFAULT_CAP: u64 = 512;

/// The report, or the log, says that it was met.
#[track_caller]
fn names_the_cap(ended: &Ended, cap: u64) {
    ended.reported(&[&cap.to_string(), "threads"]);
}

fn thousands_of_closes_that_block_have_few_threads(flavor: &str) {
    let ended = Program::new(flavor, "blocks in many closes")
        .arg("3000")
        .stop();
    ended.code(0).within(ms(30_000)).said("closed db");
    let threads = ended.number("threads");
    assert!(threads <= DEFAULT_CAP + OTHERS, "{threads} threads");
    assert_eq!(ended.number("ended"), 3000);
    names_the_cap(&ended, DEFAULT_CAP);
}

/// 40 closes of 50 ms by 4 threads take 500 ms.
fn the_cap_can_be_set(flavor: &str) {
    let ended = Program::new(flavor, "blocks in a few closes")
        .arg("40")
        .stop();
    ended.code(0).within(ms(20_000)).said("closed db");
    assert_eq!(ended.number("ended"), 40);
    assert!(ended.number("threads") <= 4 + OTHERS);
    assert!(ended.took >= ms(490), "{}", ended.0);
    names_the_cap(&ended, 4);
}
