//! What a close does where something does not end.

use super::broker::{Broker, Faults};
use super::{note, stop};
use crate::consumer::Consumer;
use graceful::testing::{AssertReport as _, run};
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
    assert_eq!(report.ended("consumer"), Duration::from_millis(3800));
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

#[test]
fn a_broker_that_is_gone_while_messages_are_handed_back_is_an_error_before_the_limit() {
    for faults in [
        Faults {
            hand_back_hangs: true,
            ..Faults::default()
        },
        Faults {
            hand_back_fails: true,
            ..Faults::default()
        },
    ] {
        let broker = Broker::with(0..20).faults(faults);
        let report = stop(async || {
            let consumer =
                Consumer::of(broker)
                    .concurrency(20)
                    .run("numbers", async |number: Arc<u32>| {
                        if *number < 10 {
                            pending::<()>().await;
                        }
                    });
            sleep(Duration::from_secs(1)).await;
            consumer
        });
        report
            .assert_failed("consumer", "it is unknown what became of 10 messages")
            .assert_closed("after");
        assert_eq!(note(&report), "processed 10, handed back 0, unknown 10");
        assert!(report.ended("consumer") < Duration::from_secs(4));
    }
}

#[test]
fn a_source_that_panics_is_an_error_and_is_closed_all_the_same() {
    let broker = Broker::with([7]).faults(Faults {
        stop_panics: true,
        ..Faults::default()
    });
    let source = broker.clone();
    let report = stop(async || {
        let consumer = Consumer::of(source).run("numbers", async |_| {});
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report
        .assert_failed("consumer", "first error: it panicked: in a stop")
        .assert_closed("after");
    assert_eq!(note(&report), "processed 1, handed back 0, unknown 0");
    assert!(broker.books().is_closed);
}

#[test]
fn an_acknowledgement_that_panics_is_unknown() {
    let broker = Broker::with([7, 8]).faults(Faults {
        acknowledge_panics: true,
        ..Faults::default()
    });
    let report = stop(async || {
        let consumer =
            Consumer::of(broker).run("numbers", async |_| sleep(Duration::from_secs(2)).await);
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report
        .assert_failed("consumer", "it is unknown what became of 1 message")
        .assert_closed("after");
    assert_eq!(note(&report), "processed 0, handed back 0, unknown 1");
}

#[derive(graceful::Shutdown)]
struct Twice {
    #[shutdown(timeout = "4s")]
    first: Consumer,
    #[shutdown(timeout = "4s")]
    second: Consumer,
    #[shutdown(order = 1, timeout = "4s")]
    beside: Consumer,
}

/// It is a handle: several fields may have the same one.
#[test]
fn a_consumer_that_is_closed_more_than_once_closes_its_source_once() {
    let broker = Broker::with(0..10);
    let source = broker.clone();
    let report = run(async || {
        let first =
            Consumer::of(source).run("numbers", async |_| sleep(Duration::from_millis(500)).await);
        sleep(Duration::from_secs(1)).await;
        Twice {
            second: first.clone(),
            beside: first.clone(),
            first,
        }
    })
    .report();
    report.assert_clean();
    assert_eq!(broker.books().closes, 1);
}

#[derive(graceful::Shutdown)]
struct LittleTime {
    #[shutdown(timeout = "40ms")]
    consumer: Consumer,
    #[shutdown(timeout = "1s", with = async |(), _cx| {})]
    after: (),
}

#[test]
fn of_a_limit_that_is_hardly_any_time_all_is_handed_back_and_said() {
    let broker = Broker::with(0..10_000);
    let source = broker.clone();
    let report = run(async || {
        let consumer = Consumer::of(source)
            .concurrency(10_000)
            .run("numbers", async |_| sleep(Duration::from_secs(60)).await);
        sleep(Duration::from_secs(1)).await;
        LittleTime {
            consumer,
            after: (),
        }
    })
    .report();
    report
        .assert_failed("consumer", "it is unknown what became of 10000 messages")
        .assert_closed("after");
    assert_eq!(note(&report), "processed 0, handed back 0, unknown 10000");
    assert_eq!(broker.books().handed_back.len(), 10_000);
}

#[test]
fn ten_thousand_messages_in_hand_are_finished() {
    let broker = Broker::with(0..30_000);
    let source = broker.clone();
    let report = stop(async || {
        let consumer = Consumer::of(source)
            .concurrency(10_000)
            .run("numbers", async |_| sleep(Duration::from_millis(700)).await);
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report.assert_clean();
    assert_eq!(note(&report), "processed 20000, handed back 0, unknown 0");
    assert_eq!(broker.books().acknowledged.len(), 20_000);
}
