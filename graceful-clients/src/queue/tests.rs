//! The queue and its consumer, in paused time.

use super::{Queue, Refused, WhenFull, bounded};
use crate::consumer::Consumer;
use graceful::testing::{AssertReport as _, run};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

type Items = Arc<Mutex<Vec<u32>>>;

#[derive(graceful::Shutdown)]
struct App {
    /// What is upstream: it sends while it drains.
    #[shutdown(timeout = "4s")]
    upstream: JoinHandle<()>,
    #[shutdown(timeout = "4s")]
    consumer: Consumer,
}

/// Each item takes a while, and is then in the list.
fn slowly(into: &Items, each: Duration) -> impl Fn(Arc<u32>) -> Slow + Send + Sync + 'static {
    let into = into.clone();
    move |item| {
        let into = into.clone();
        Box::pin(async move {
            sleep(each).await;
            into.lock().unwrap().push(*item);
        })
    }
}

type Slow = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// Sends 10 items once the stop has begun.
fn upstream(queue: Queue<u32>) -> JoinHandle<()> {
    tokio::spawn(async move {
        graceful::requested().await;
        for item in 100..110 {
            // What is refused is counted by the queue.
            let _ = queue.send(item).await;
        }
    })
}

#[test]
fn all_that_was_accepted_is_processed_also_what_upstream_sent_last() {
    let done = Items::default();
    let into = done.clone();
    run(async move || {
        let (queue, source) = bounded(100);
        for item in 0..100 {
            queue.send(item).await.unwrap();
        }
        App {
            upstream: upstream(queue),
            consumer: Consumer::of(source)
                .concurrency(4)
                .run("items", slowly(&into, Duration::from_millis(50))),
        }
    })
    .report()
    .assert_clean();
    let mut done = done.lock().unwrap().clone();
    done.sort_unstable();
    assert_eq!(done, (0..110).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn sending_to_a_stopped_queue_is_an_error_with_the_item() {
    let (queue, source) = bounded(1);
    let consumer = Consumer::of(source).run("items", async |_: Arc<u32>| {
        sleep(Duration::from_secs(1)).await;
    });
    for item in 0..3 {
        queue.send(item).await.unwrap();
    }
    let waits = tokio::spawn({
        let queue = queue.clone();
        async move { queue.send(3).await }
    });
    sleep(Duration::from_millis(10)).await;
    drop(consumer);
    assert_eq!(waits.await.unwrap(), Err(Refused::Stopped(3)));
    assert_eq!(queue.send(4).await, Err(Refused::Stopped(4)));
    assert_eq!(queue.try_send(5), Err(Refused::Stopped(5)));
    assert_eq!(queue.refused(), 3);
}

#[test]
fn a_full_queue_refuses_while_the_service_stops_where_that_is_the_policy() {
    for (policy, refused) in [(WhenFull::Wait, 0), (WhenFull::Refuse, 8)] {
        let done = Items::default();
        let (into, counted) = (done.clone(), Arc::new(Mutex::new(None)));
        let count = counted.clone();
        run(async move || {
            let (queue, source) = bounded(1);
            let queue = queue.while_stopping(policy);
            *count.lock().unwrap() = Some(queue.clone());
            App {
                consumer: Consumer::of(source)
                    .run("items", slowly(&into, Duration::from_millis(100))),
                upstream: upstream(queue),
            }
        })
        .report()
        .assert_clean();
        let queue = counted.lock().unwrap().take().unwrap();
        assert_eq!(queue.refused(), refused, "{policy:?}");
        assert_eq!(
            done.lock().unwrap().len() as u64,
            10 - refused,
            "{policy:?}"
        );
    }
}

#[test]
fn what_there_was_no_time_for_is_put_aside() {
    let (done, aside) = (Items::default(), Items::default());
    let (into, store) = (done.clone(), aside.clone());
    let report = run(async move || {
        let (queue, source) = bounded(100);
        for item in 0..100 {
            queue.send(item).await.unwrap();
        }
        let source = source.left_over(move |item: Arc<u32>| {
            store.lock().unwrap().push(*item);
            async {}
        });
        App {
            upstream: tokio::spawn(async {}),
            consumer: Consumer::of(source).run("items", slowly(&into, Duration::from_millis(99))),
        }
    })
    .report();
    // 3 s are for processing. One item was in the middle.
    let step = report.step("consumer").unwrap();
    assert_eq!(
        step.note.as_deref(),
        Some("processed 30, handed back 69, unknown 1")
    );
    let mut all = done.lock().unwrap().clone();
    all.extend(&*aside.lock().unwrap());
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
}

#[test]
fn what_is_lost_is_an_error() {
    let report = run(async move || {
        let (queue, source) = bounded(100);
        for item in 0..10 {
            queue.send(item).await.unwrap();
        }
        App {
            upstream: tokio::spawn(async {}),
            consumer: Consumer::of(source).run("items", async |_: Arc<u32>| {
                sleep(Duration::from_secs(60)).await;
            }),
        }
    })
    .report();
    report.assert_failed("consumer", "it is unknown what became of 10 messages");
    report.assert_failed("consumer", "it is lost: the queue has no `left_over`");
}

#[test]
fn a_consumer_ends_with_the_last_sender_and_that_is_no_reason_to_stop() {
    let report = run(async move || {
        let (queue, source) = bounded(1);
        let consumer = Consumer::of(source).run("items", async |_: Arc<u32>| {});
        queue.send(1).await.unwrap();
        drop(queue);
        sleep(Duration::from_secs(1)).await;
        App {
            upstream: tokio::spawn(async {}),
            consumer,
        }
    })
    .report();
    report.assert_clean();
    assert_eq!(report.reason, graceful::Signal::Terminate.into());
}
