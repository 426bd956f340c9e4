//! Messages that can't be processed at once, or not at all.

use super::broker::Broker;
use super::{note, stop};
use crate::consumer::{Backoff, Consumer};
use graceful::testing::AssertReport as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::sleep;

#[test]
fn a_message_is_tried_until_it_is_processed_and_only_then_acknowledged() {
    let broker = Broker::with([7]);
    let (source, books) = (broker.clone(), broker.clone());
    let attempts = Arc::new(AtomicU32::new(0));
    let tried = attempts.clone();
    stop(async move || {
        let consumer = Consumer::of(source).run("numbers", move |_| {
            assert!(books.books().acknowledged.is_empty());
            let attempt = attempts.fetch_add(1, Ordering::Relaxed) + 1;
            async move { if attempt < 5 { Err("not yet") } else { Ok(()) } }
        });
        sleep(Duration::from_secs(60)).await;
        consumer
    })
    .assert_clean();
    assert_eq!(tried.load(Ordering::Relaxed), 5);
    assert_eq!(broker.books().acknowledged, [7]);
}

#[test]
fn a_panic_is_an_attempt_that_failed() {
    let broker = Broker::with([7, 8]);
    let source = broker.clone();
    let attempts = Arc::new(AtomicU32::new(0));
    stop(async move || {
        let consumer = Consumer::of(source).run("numbers", move |_| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed);
            assert_ne!(attempt, 0, "before its future");
            async move { assert_ne!(attempt, 1, "inside of it") }
        });
        sleep(Duration::from_secs(60)).await;
        consumer
    })
    .assert_clean();
    assert_eq!(broker.books().acknowledged, [7, 8]);
}

#[test]
fn a_message_that_waits_for_its_next_attempt_is_handed_back_at_once() {
    let broker = Broker::with([7]);
    let source = broker.clone();
    let report = stop(async || {
        let an_hour = Duration::from_secs(3600);
        let consumer = Consumer::of(source)
            .backoff(Backoff::new(an_hour, an_hour))
            .run("numbers", async |_| Err::<(), _>("never"));
        sleep(Duration::from_secs(1)).await;
        consumer
    });
    report.assert_clean();
    assert_eq!(report.ended("consumer"), Duration::ZERO);
    assert_eq!(note(&report), "processed 0, handed back 1, unknown 0");
    assert!(broker.books().handed_back.contains(&7));
    assert!(broker.books().acknowledged.is_empty());
}

#[test]
fn a_dead_letter_is_stored_before_it_is_acknowledged() {
    let broker = Broker::with([7, 8]);
    let (source, books) = (broker.clone(), broker.clone());
    let letters = Arc::new(Mutex::new(Vec::new()));
    let stored = letters.clone();
    let report = stop(async move || {
        let attempts = AtomicU32::new(0);
        let consumer = Consumer::of(source)
            .dead_letter(3, move |number, failure| {
                assert!(!books.books().acknowledged.contains(&number));
                letters.lock().unwrap().push((*number, failure.to_string()));
                async {}
            })
            .run("numbers", move |number: Arc<u32>| {
                let attempt = attempts.fetch_add(1, Ordering::Relaxed);
                async move {
                    if *number == 7 {
                        Err(format!("attempt {attempt}"))
                    } else {
                        Ok(())
                    }
                }
            });
        sleep(Duration::from_secs(60)).await;
        consumer
    });
    assert_eq!(
        *stored.lock().unwrap(),
        [(7, "attempt 2".to_owned())],
        "after three attempts, with the last error"
    );
    assert_eq!(broker.books().acknowledged, [7, 8]);
    assert_eq!(
        note(&report),
        "processed 1, dead-lettered 1, handed back 0, unknown 0"
    );
}

#[test]
fn a_dead_letter_that_can_not_be_stored_is_tried_on() {
    let broker = Broker::with([7]);
    let source = broker.clone();
    let attempts = Arc::new(AtomicU32::new(0));
    let calls = Arc::new(AtomicU32::new(0));
    let (tried, stored) = (attempts.clone(), calls.clone());
    stop(async move || {
        let consumer = Consumer::of(source)
            .dead_letter(2, move |_, _| {
                let store = calls.fetch_add(1, Ordering::Relaxed);
                async move {
                    if store == 0 {
                        Err("the store is full")
                    } else {
                        Ok(())
                    }
                }
            })
            .run("numbers", move |_| {
                attempts.fetch_add(1, Ordering::Relaxed);
                async { Err::<(), _>("never") }
            });
        sleep(Duration::from_secs(60)).await;
        consumer
    })
    .assert_clean();
    assert_eq!(tried.load(Ordering::Relaxed), 3);
    assert_eq!(stored.load(Ordering::Relaxed), 2);
    assert_eq!(broker.books().acknowledged, [7]);
}
