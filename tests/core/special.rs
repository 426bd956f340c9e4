//! Closes that need what others don't: a larger stack, a local task; and more of them than there is time.

use crate::life::stop;
use crate::ms;
use crate::program::Program;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

on_each_flavor!(
    a_close_that_recurses_has_the_stack_that_was_set,
    deferred_closes_that_hang_leave_each_other_time,
    a_program_that_logs_by_log_is_told_once,
);

/// `tracing` hands its events on to a logger of `log` where nobody subscribes, and that may write to standard error too.
fn a_program_that_logs_by_log_is_told_once(flavor: &str) {
    let ended = Program::new(flavor, "it logs by `log`").stop();
    ended.code(0);
    assert_eq!(
        ended.stderr.matches("stopped after SIGTERM").count(),
        1,
        "{}",
        ended.0
    );
}

fn a_close_that_recurses_has_the_stack_that_was_set(flavor: &str) {
    let ended = Program::new(flavor, "a close recurses").stop();
    ended.code(0).said("closed journal");
}

#[test]
fn a_close_spawns_locally_on_the_local_flavor() {
    let ended = Program::new("local", "a close spawns locally").stop();
    ended.code(0).said("closed cache");
}

/// Each has a fifth of a second. Where one took all, or half of what is left, a handful would be begun.
fn deferred_closes_that_hang_leave_each_other_time(flavor: &str) {
    let begun = begun_of(30, flavor, ms(6000));
    assert!(begun >= 20, "{begun} of 30");
}

#[test]
#[ignore = "for a machine that does nothing else: each has 2 ms"]
fn a_thousand_deferred_closes_are_all_begun() {
    assert_eq!(begun_of(1000, "multi_thread", ms(2000)), 1000);
    assert_eq!(begun_of(1000, "current_thread", ms(2000)), 1000);
}

/// None declares a limit, and none ends: each has its part of the time, if it is a short one.
fn begun_of(many: usize, flavor: &str, within: Duration) -> usize {
    let begun = Arc::new(AtomicUsize::new(0));
    stop(flavor, within, async |handle| {
        for _ in 0..many {
            let begun = begun.clone();
            handle.defer("lease", move |_| async move {
                begun.fetch_add(1, Ordering::SeqCst);
                pending::<()>().await;
            });
        }
        None::<tokio::task::AbortHandle>
    });
    begun.load(Ordering::SeqCst)
}
