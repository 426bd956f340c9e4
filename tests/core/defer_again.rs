//! Closes that defer another: the deadline, or a number of rounds, is their end, and the report is written.

use crate::life::stop;
use crate::ms;
use crate::program::Program;
use graceful::Handle;
use graceful::testing::AssertReport as _;
use std::time::Instant;
use tokio::time::sleep;

on_each_flavor!(
    closes_that_defer_again_end_by_the_deadline_with_a_report,
    a_host_has_its_report_by_the_deadline,
    a_host_of_closes_that_defer_at_once_has_its_report,
    a_few_rounds_are_closed,
);

fn closes_that_defer_again_end_by_the_deadline_with_a_report(flavor: &str) {
    let ended = Program::new(flavor, "a close defers another, for ever").stop();
    ended.within(ms(1000));
    assert_ne!(ended.status.code(), Some(0), "{}", ended.status);
    let lines = ended.stderr.lines().count();
    assert!(lines <= 100, "{lines} lines of standard error");
    ended
        .reported(&["stopped after SIGTERM"])
        .reported(&["closed"]);
}

/// Each defers the next one, `rounds` times.
fn defer(handle: &Handle, rounds: usize) {
    let (again, began) = (handle.clone(), Instant::now());
    handle.defer("lease", move |_| async move {
        sleep(ms(10)).await;
        // Where nobody stops it, the test has failed long ago.
        if rounds > 0 && began.elapsed() < ms(30_000) {
            defer(&again, rounds - 1);
        }
    });
}

fn a_host_has_its_report_by_the_deadline(flavor: &str) {
    let began = Instant::now();
    let report = stop(flavor, ms(1000), async |handle| {
        defer(&handle, 3000);
        None::<tokio::task::AbortHandle>
    });
    assert!(
        began.elapsed() < ms(10_000),
        "{:?}\n{report}",
        began.elapsed()
    );
    assert!(!report.is_clean(), "{report}");
    report.assert_within(ms(5000));
}

/// No time passes between them.
fn defer_at_once(handle: &Handle, began: Instant) {
    let again = handle.clone();
    handle.defer("lease", move |_| async move {
        if began.elapsed() < ms(30_000) {
            defer_at_once(&again, began);
        }
    });
}

fn a_host_of_closes_that_defer_at_once_has_its_report(flavor: &str) {
    let began = Instant::now();
    let report = stop(flavor, ms(1000), async |handle| {
        defer_at_once(&handle, began);
        None::<tokio::task::AbortHandle>
    });
    let took = began.elapsed();
    assert!(took < ms(10_000), "{took:?}");
    assert!(!report.is_clean(), "{} steps are clean", report.steps.len());
    let lines = report.to_string().lines().count();
    assert!(lines <= 100, "{lines} lines");
}

fn a_few_rounds_are_closed(flavor: &str) {
    let report = stop(flavor, ms(20_000), async |handle| {
        defer(&handle, 5);
        None::<tokio::task::AbortHandle>
    });
    report.assert_clean();
    let leases = report.steps.iter().filter(|step| step.name == "lease");
    assert_eq!(leases.count(), 6, "{report}");
}
