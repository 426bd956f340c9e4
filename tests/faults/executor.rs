//! What takes the runtime's threads away: the deadline holds all the same, and what needs none of
//! them still closes.

use crate::faults::ended::{BLOCKING_WORK, blocked_worker};
use crate::faults::harness::{LIMIT, Program, SOON, Signal, ms};

on_each_flavor!(
    a_task_that_blocks_its_worker_holds_nothing_up,
    every_worker_blocked_and_the_fields_still_close,
    workers_that_block_during_the_closes_cost_one_order_at_most,
    three_faults_and_no_worker_left_and_the_last_field_still_closes,
    a_full_blocking_pool_is_no_field_s_problem,
    a_close_that_needs_the_full_blocking_pool_is_named,
    endless_blocking_work_has_the_grace_and_no_more,
    a_pending_read_of_standard_input_has_the_grace_and_no_more,
);

on_flavor!(local, every_worker_blocked_and_the_fields_still_close);

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

fn a_task_that_blocks_its_worker_holds_nothing_up(flavor: &str) {
    let ended = Program::service(flavor, "one worker blocked").stop();
    ended
        .code(0)
        .within(SOON)
        .closed(&ALL)
        .says(&["left behind:"])
        .caused_by(&[blocked_worker(flavor)]);
}

fn every_worker_blocked_and_the_fields_still_close(flavor: &str) {
    let mut running = Program::service(flavor, "every worker blocked").ready();
    let first_line = running.signal(Signal::Terminate).first_line_after();
    // Less than 1 ms where nothing else runs.
    assert!(first_line < SOON, "the first line took {first_line:?}");
    let ended = running.end();
    ended
        .code(0)
        .within(SOON)
        .closed(&ALL)
        .says(&["SIGTERM", "closing"])
        .caused_by(&[blocked_worker(flavor)]);
    let closed = ended.mark("closed lease");
    // Sooner than any limit.
    assert!(
        closed < ms(1900) + ended.stood_still,
        "the last close ended after {closed:?}"
    );
}

/// What waits for a timer of the runtime at that moment can't end; what comes after it can.
fn workers_that_block_during_the_closes_cost_one_order_at_most(flavor: &str) {
    let ended = Program::service(flavor, "blocks every worker").stop();
    ended.within(SOON).had("db", ms(100));
    ended.caused_by(&[
        ("queue", "timed_out", ""),
        ("cache", "timed_out", ""),
        blocked_worker(flavor),
    ]);
    assert!(ended.mark("closed http") < ended.mark("closed db"));
    assert!(ended.mark("closed db") < ended.mark("closed lease"));
}

fn three_faults_and_no_worker_left_and_the_last_field_still_closes(flavor: &str) {
    let ended = Program::new(flavor, "wreck", "every worker blocked").stop();
    ended
        .code(1)
        .within(SOON)
        .closed(&["db"])
        .had("db", ms(100))
        .says(&["hangs", "timed out", "flushed 3 of 10"])
        .says(&["panics", "panicked: the queue is on fire"])
        .says(&["blocks", "timed out", "joining the poller"])
        .caused_by(&[
            ("hangs", "timed_out", "flushed 3 of 10"),
            ("panics", "panicked", "the queue is on fire"),
            ("blocks", "blocked", "joining the poller"),
            blocked_worker(flavor),
        ]);
}

fn a_full_blocking_pool_is_no_field_s_problem(flavor: &str) {
    let ended = Program::service(flavor, "blocking pool full").stop();
    ended
        .code(0)
        .within(SOON)
        .closed(&ALL)
        .caused_by(&[BLOCKING_WORK]);
    let closed = ended.mark("closed lease");
    // Sooner than any limit.
    assert!(
        closed < ms(1900) + ended.stood_still,
        "the last close ended after {closed:?}"
    );
}

fn a_close_that_needs_the_full_blocking_pool_is_named(flavor: &str) {
    let ended = Program::service(flavor, "needs the blocking pool").stop();
    ended
        .code(1)
        .within(SOON)
        .closed(&["http", "guard", "cache", "db", "lease"])
        .timed_out("queue", LIMIT, "")
        .says(&["left behind: blocking work"])
        .caused_by(&[("queue", "timed_out", ""), BLOCKING_WORK]);
}

fn endless_blocking_work_has_the_grace_and_no_more(flavor: &str) {
    let ended = Program::new(flavor, "selected", "spawn_blocking never ends")
        .ready()
        .signal(Signal::Hangup)
        .end();
    ended
        .code(0)
        .not_before(ms(900))
        .within(SOON)
        .closed(&ALL)
        // To the end of the process, and not to that of the closes.
        .says(&["stopped after SIGHUP in "])
        .does_not_say("stopped after SIGHUP in 0.")
        .says(&["left behind: blocking work"])
        .caused_by(&[BLOCKING_WORK]);
}

fn a_pending_read_of_standard_input_has_the_grace_and_no_more(flavor: &str) {
    let ended = Program::service(flavor, "stdin read pending")
        .with("GRACEFUL_TIMEOUT", "10s")
        .ready()
        .signal(Signal::Interrupt)
        .end();
    ended
        .code(0)
        .not_before(ms(900))
        .within(ms(1000))
        .closed(&ALL)
        .caused_by(&[BLOCKING_WORK]);
}
