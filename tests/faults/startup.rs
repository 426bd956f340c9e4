//! A start-up that is interrupted, or goes wrong: what was opened by then is closed.

use crate::faults::harness::{DEADLINE, Program, ms};

on_each_flavor!(
    a_signal_drops_the_start_up_and_closes_what_it_opened,
    what_the_start_up_holds_may_block_in_its_drop,
    a_start_up_that_blocks_is_cut_by_the_deadline,
    a_failed_start_up_closes_what_it_opened,
    a_panicked_start_up_closes_what_it_opened,
);

on_flavor!(
    local,
    a_failed_start_up_closes_what_it_opened,
    what_the_start_up_holds_may_block_in_its_drop
);

fn a_signal_drops_the_start_up_and_closes_what_it_opened(flavor: &str) {
    let ended = Program::service(flavor, "start-up waits").stop();
    ended
        .code(0)
        .at_once()
        .closed(&["lease"])
        .says(&["SIGTERM", "closing lease"])
        // Also to whoever serves there, and wonders why nothing is closed.
        .says(&["had not returned its state", "`graceful::manage(state)`"]);
}

/// A runtime of its own ends with its threads; `block_in_place` is refused inside of `block_on`.
fn what_the_start_up_holds_may_block_in_its_drop(flavor: &str) {
    for (holds, mark) in [
        ("a runtime of its own", "closed lease"),
        ("what blocks in its drop", "it has blocked in its drop"),
    ] {
        let ended = Program::service(flavor, &format!("start-up waits, with {holds}")).stop();
        ended
            .code(0)
            .at_once()
            .closed(&["lease"])
            .does_not_say("panicked");
        ended.mark(mark);
    }
}

fn a_start_up_that_blocks_is_cut_by_the_deadline(flavor: &str) {
    let ended = Program::service(flavor, "start-up blocks").stop();
    ended
        .code(124)
        .not_before(ms(2750))
        .within(DEADLINE)
        .closed(&["lease"])
        .says(&["left behind: `main`"])
        .caused_by(&[("main", "blocked", "it blocks its thread")]);
}

fn a_failed_start_up_closes_what_it_opened(flavor: &str) {
    let ended = Program::service(flavor, "start-up fails").start().end();
    ended
        .code(1)
        .within(ms(500))
        .closed(&["lease"])
        .says(&["Error: ", "the database refuses us"])
        .caused_by(&[("main", "failed", "the database refuses us")]);
}

fn a_panicked_start_up_closes_what_it_opened(flavor: &str) {
    let ended = Program::service(flavor, "start-up panics").start().end();
    ended
        .code(101)
        .within(ms(500))
        .closed(&["lease"])
        .says(&["the configuration is gone"])
        .caused_by(&[("main", "panicked", "the configuration is gone")]);
}
