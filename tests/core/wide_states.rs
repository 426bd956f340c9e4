//! States with more closes than anybody reads about: each operation is linear, and the supervisor is never late.

use crate::ms;
use crate::program::{Ended, NOISE, Program};
use graceful::Signal;
use std::time::{Duration, Instant};

on_each_flavor!(
    fifty_thousand_that_hang_are_cut_in_time,
    a_second_signal_is_answered_at_once,
    a_hundred_thousand_that_end_at_once_are_closed,
    what_hangs_costs_in_proportion,
);

/// As many lines as somebody scrolls through.
const LINES: usize = 100;

/// What no busy machine takes for any of them.
const PLENTY: Duration = ms(100_000);

/// The report is short, and counts what it does not show.
#[track_caller]
fn is_short_and_counts(ended: &Ended, least: usize) {
    let lines = ended.stderr.lines().count();
    assert!(lines <= LINES, "{lines} lines of standard error");
    let bytes = ended.stderr.len();
    assert!(bytes <= LINES * 200, "{bytes} bytes in {lines} lines");
    let digits = |word: &str| word.replace([',', '_', '\''], "");
    let counts = |line: &str| {
        let words = line.split(|c: char| c.is_whitespace() || "();:".contains(c));
        words
            .filter_map(|word| digits(word).parse::<usize>().ok())
            .any(|number| number >= least)
    };
    let counted = ended.stderr.lines().any(counts);
    assert!(counted, "nothing counts {least}: {}", ended.0);
}

fn fifty_thousand_that_hang_are_cut_in_time(flavor: &str) {
    let ended = Program::new(flavor, "many nested closes hang")
        .arg("50000")
        .budget(PLENTY)
        .stop();
    ended.code(1).said("closed db");
    // Of processor time: on a busy machine the clock says nothing.
    assert!(ended.number("cpu") < 6000, "{}", ended.0);
    is_short_and_counts(&ended, 10_000);
}

/// With the least budget in which an optimized build of it can: 500 ms are the limit of each.
#[test]
#[ignore = "for an optimized build, and a machine that does nothing else"]
fn fifty_thousand_that_hang_are_cut_within_two_seconds() {
    for flavor in ["multi_thread", "current_thread"] {
        let ended = Program::new(flavor, "many nested closes hang")
            .arg("50000")
            .budget(ms(2000))
            .limit_of_db("200ms")
            .stop();
        ended.code(1).within(ms(2000)).said("closed db");
        is_short_and_counts(&ended, 10_000);
    }
}

fn a_second_signal_is_answered_at_once(flavor: &str) {
    let mut process = Program::new(flavor, "many nested closes hang for long")
        .arg("50000")
        .start();
    process.wait_for_line("ready");
    process.signal(Signal::Terminate);
    process.wait_for_line("more than 1000 hang");
    // Such as follow the first one at once are one request with it.
    process.after(ms(300));
    let asked = Instant::now();
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended.code(143).reported(&["forced by a second signal"]);
    // Long before the budget: the report has a second.
    let took = asked.elapsed().saturating_sub(ended.stood_still);
    assert!(took < ms(1000) + 2 * NOISE, "{}", ended.0);
    is_short_and_counts(&ended, 10_000);
}

fn a_hundred_thousand_that_end_at_once_are_closed(flavor: &str) {
    let ended = Program::new(flavor, "many closes end at once")
        .arg("100000")
        .budget(PLENTY)
        .stop();
    ended.code(0).said("closed db");
    is_short_and_counts(&ended, 99_000);
}

/// Four times as many take four times as long, and a little: not sixteen times.
fn what_hangs_costs_in_proportion(flavor: &str) {
    let cpu = |count: &str| {
        let ended = Program::new(flavor, "many nested closes hang")
            .arg(count)
            .budget(PLENTY)
            .stop();
        ended.number("cpu")
    };
    let (few, many) = (cpu("5000"), cpu("20000"));
    assert!(many < 8 * few.max(30), "{few} ms, then {many} ms");
}
