//! What is taken, how much at a time, and when no more.

use super::broker::{Broker, Faults};
use super::{note, stop};
use crate::consumer::Consumer;
use graceful::Reason;
use graceful::testing::AssertReport as _;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::sleep;

#[test]
fn what_is_in_hand_is_finished_and_the_rest_stays_with_the_broker() {
    let broker = Broker::with(0..100);
    let source = broker.clone();
    let report = stop(async || {
        let consumer = Consumer::of(source).run("numbers", async |_| {
            sleep(Duration::from_millis(100)).await;
        });
        sleep(Duration::from_millis(250)).await;
        consumer
    });
    report.assert_clean();
    assert_eq!(note(&report), "processed 3, handed back 0, unknown 0");
    let books = broker.books();
    assert_eq!(books.acknowledged, [0, 1, 2]);
    assert_eq!(books.waiting.len(), 97);
    assert!(books.is_closed);
    assert_eq!(report.ended("consumer"), Duration::from_millis(50));
}

#[test]
fn no_more_than_the_concurrency_is_in_hand() {
    let broker = Broker::with(0..100);
    let source = broker.clone();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    stop(async move || {
        let consumer = Consumer::of(source)
            .concurrency(7)
            .run("numbers", move |_| {
                let (now, most) = (now.clone(), most.clone());
                async move {
                    most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                    sleep(Duration::from_millis(10)).await;
                    now.fetch_sub(1, Ordering::Relaxed);
                }
            });
        sleep(Duration::from_secs(1)).await;
        consumer
    })
    .assert_clean();
    assert_eq!(seen.load(Ordering::Relaxed), 7);
    assert_eq!(broker.books().acknowledged.len(), 100);
}

#[test]
fn one_at_a_time_keeps_the_order() {
    let broker = Broker::with(0..50);
    let source = broker.clone();
    stop(async || {
        let consumer = Consumer::of(source).run("numbers", async |number: Arc<u32>| {
            sleep(Duration::from_millis(u64::from(*number % 7))).await;
        });
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    assert_eq!(broker.books().acknowledged, (0..50).collect::<Vec<_>>());
}

#[test]
fn what_comes_later_is_taken_too() {
    let broker = Broker::default();
    let source = broker.clone();
    let publisher = broker.clone();
    stop(async move || {
        let consumer = Consumer::of(source).run("numbers", async |_| {});
        sleep(Duration::from_secs(1)).await;
        publisher.publish(7);
        sleep(Duration::from_secs(1)).await;
        consumer
    })
    .assert_clean();
    assert_eq!(broker.books().acknowledged, [7]);
}

#[test]
fn what_was_fetched_ahead_is_counted_as_handed_back() {
    let broker = Broker::default().faults(Faults {
        fetched_ahead: 12,
        ..Faults::default()
    });
    let report = stop(async || Consumer::of(broker).run("numbers", async |_| {}));
    report.assert_clean();
    assert_eq!(note(&report), "processed 0, handed back 12, unknown 0");
}

#[test]
fn a_source_that_ends_is_the_reason_of_a_stop() {
    let broker = Broker::with(0..3).faults(Faults {
        ends: true,
        ..Faults::default()
    });
    let report = stop(async || {
        let consumer = Consumer::of(broker).run("numbers", async |_| {});
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    let Reason::CriticalTask { name, how } = &report.reason else {
        panic!("{:?}", report.reason);
    };
    assert_eq!(name, "numbers");
    assert_eq!(how, "failed: broker `test`: the subscription is gone");
    assert_eq!(note(&report), "processed 3, handed back 0, unknown 0");
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_is_dropped_takes_nothing_more_and_finishes_what_it_has() {
    let broker = Broker::with(0..100);
    let consumer = Consumer::of(broker.clone()).run("numbers", async |_| {
        sleep(Duration::from_millis(100)).await;
        Ok::<_, Infallible>(())
    });
    sleep(Duration::from_millis(250)).await;
    drop(consumer);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(broker.books().acknowledged, [0, 1, 2]);
}
