//! What a close does where something does not end.

use super::broker::{Broker, Faults};
use super::{note, stop};
use crate::consumer::Consumer;
use graceful::testing::AssertReport as _;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

#[test]
fn what_does_not_end_is_cut_handed_back_and_counted_as_unknown() {
    let broker = Broker::with(0..10);
    let source = broker.clone();
    let report = stop(async || {
        let consumer =
            Consumer::of(source)
                .concurrency(2)
                .run("numbers", async |number: Arc<u32>| {
                    if *number == 1 {
                        pending::<()>().await;
                    }
                });
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report
        .assert_failed(
            "consumer",
            "broker `test`: it is unknown what became of 1 message",
        )
        .assert_failed("consumer", "it was cut in the middle, and handed back")
        .assert_closed("after");
    assert_eq!(note(&report), "processed 9, handed back 0, unknown 1");
    let books = broker.books();
    assert_eq!(books.handed_back.iter().copied().collect::<Vec<_>>(), [1]);
    assert!(!books.acknowledged.contains(&1));
    assert!(
        books.is_closed,
        "what was processed is committed all the same"
    );
    // Three quarters of 4 s.
    assert_eq!(report.ended("consumer"), Duration::from_secs(3));
}

#[test]
fn a_broker_that_does_not_take_acknowledgements_is_an_error_before_the_limit() {
    let broker = Broker::with([7]).faults(Faults {
        acknowledge_hangs: true,
        ..Faults::default()
    });
    let report = stop(async || {
        let consumer = Consumer::of(broker).run("numbers", async |_| {});
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report
        .assert_failed("consumer", "it was not acknowledged in time")
        .assert_closed("after");
    assert_eq!(note(&report), "processed 0, handed back 0, unknown 1");
}

#[test]
fn a_broker_that_does_not_stop_or_close_is_an_error_that_names_it() {
    let broker = Broker::with([7]).faults(Faults {
        stop_hangs: true,
        close_hangs: true,
        ..Faults::default()
    });
    let report = stop(async || {
        let consumer = Consumer::of(broker).run("numbers", async |_| {});
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report
        .assert_failed(
            "consumer",
            "broker `test`: first error: it did not stop delivering in time; \
             close: no answer within the limit",
        )
        .assert_closed("after");
    assert_eq!(report.ended("consumer"), Duration::from_millis(3980));
    assert_eq!(note(&report), "processed 1, handed back 0, unknown 0");
}

#[test]
fn a_commit_that_fails_fails_the_step() {
    let broker = Broker::default().faults(Faults {
        close_fails: true,
        ..Faults::default()
    });
    stop(async || Consumer::of(broker).run("numbers", async |_| {}))
        .assert_failed("consumer", "broker `test`: close: the commit was refused")
        .assert_closed("after");
}
