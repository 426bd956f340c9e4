//! In the kit's paused time a close that wakes itself leaves the others, and the tasks that it waits for,
//! their turn.

use crate::ms;
use graceful::testing::{AssertReport as _, run};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Instant;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::sleep;

/// As other libraries have it: woken again before it has returned.
async fn yield_at_once() {
    let mut yielded = false;
    poll_fn(|task| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Asks again and again whether the task is through; fails where it never gets its turn.
async fn wait_for(task: JoinHandle<()>) -> graceful::Result {
    let began = Instant::now();
    while !task.is_finished() {
        if began.elapsed() > ms(20_000) {
            return Err("the task has no turn".into());
        }
        yield_at_once().await;
    }
    Ok(())
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s", with = |task, _| wait_for(task))]
    flush: JoinHandle<()>,
    #[shutdown(order = 0, timeout = "5s")]
    beside: JoinHandle<()>,
}

async fn some_turns() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[test]
fn a_close_that_wakes_itself_waits_for_a_task() {
    let report = run(async || App {
        flush: tokio::spawn(some_turns()),
        beside: tokio::spawn(some_turns()),
    })
    .report();
    report.assert_clean();
}

/// The task is the close's own, and is spawned when it begins.
#[test]
fn so_does_one_for_a_task_that_it_spawned() {
    #[derive(graceful::Shutdown)]
    struct Spawning {
        #[shutdown(timeout = "5s", with = |(), _| async { wait_for(tokio::spawn(some_turns())).await })]
        flush: (),
    }
    run(async || Spawning { flush: () }).report().assert_clean();
}

#[test]
fn two_that_wake_themselves_wait_for_each_other() {
    #[derive(graceful::Shutdown)]
    struct Pair {
        #[shutdown(order = 0, timeout = "5s", with = |own, _| meet(own))]
        one: tokio::sync::watch::Sender<u32>,
        #[shutdown(order = 0, timeout = "5s", with = |own, _| meet(own))]
        two: tokio::sync::watch::Sender<u32>,
    }
    async fn meet(own: tokio::sync::watch::Sender<u32>) -> graceful::Result {
        let began = Instant::now();
        own.send_modify(|here| *here += 1);
        while *own.borrow() < 2 {
            if began.elapsed() > ms(20_000) {
                return Err("the other has no turn".into());
            }
            yield_at_once().await;
        }
        Ok(())
    }
    let report = run(async || {
        let here = tokio::sync::watch::Sender::new(0);
        Pair {
            one: here.clone(),
            two: here,
        }
    })
    .report();
    report.assert_clean();
}

/// What it waits for needs time, and not only turns.
#[test]
fn a_close_that_wakes_itself_waits_for_a_timer() {
    let report = run(async || App {
        flush: tokio::spawn(sleep(ms(3000))),
        beside: tokio::spawn(sleep(ms(1000))),
    })
    .report();
    report.assert_clean();
    let took = report.ended("flush");
    assert!(took >= ms(3000) && took < ms(3100), "{report}");
}

#[test]
fn one_that_yields_for_ever_is_cut_at_its_limit() {
    #[derive(graceful::Shutdown)]
    struct Spinning {
        #[shutdown(timeout = "5s", with = |(), _| async { loop { yield_at_once().await; } })]
        flush: (),
        #[shutdown(order = 0, timeout = "5s", with = |(), _| async { loop { yield_now().await; } })]
        poll: (),
        #[shutdown(timeout = "1s", with = |(), _| sleep(ms(500)))]
        db: (),
    }
    let report = run(async || Spinning {
        flush: (),
        poll: (),
        db: (),
    })
    .report();
    report
        .assert_timed_out("flush")
        .assert_timed_out("poll")
        .assert_closed("db");
    let waited = report.started("db");
    assert!(waited >= ms(5000) && waited < ms(5100), "{report}");
}
