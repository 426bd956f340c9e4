//! Closes that have nothing to do, one after the other: the time from the request until the last one has ended.

use graceful::{Context, Embedded, Plan, Shutdown, Step, Steps};
use graceful_peers::turn::in_order;
use std::time::{Duration, Instant};
use swansong::Swansong;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_graceful_shutdown::{
    SubsystemBuilder, SubsystemFinishedFuture, SubsystemHandle, Toplevel,
};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What each may take.
const LIMIT: Duration = Duration::from_secs(1);

/// What all may take.
const BUDGET: Duration = Duration::from_secs(100_000);

/// Prints it in nanoseconds: of so many closes.
#[tokio::main(worker_threads = 2)]
pub(crate) async fn measure(kind: &str, count: u32) {
    let took = match kind {
        "graceful" => steps(count).await,
        "by hand" => in_line(count).await,
        "by hand, tasks" => spawned(count).await,
        "tokio-util" => tracked(count).await,
        "tokio-graceful" => guarded(count).await,
        "tokio-graceful-shutdown" => subsystems(count).await,
        "async-shutdown" => delayed(count).await,
        "elegant-departure" => departing(count).await,
        "swansong" => singing(count).await,
        _ => panic!("no such kind: {kind}"),
    };
    println!("{}", took.as_nanos());
}

fn close() -> impl Future<Output = ()> + Send {
    std::hint::black_box(std::future::ready(()))
}

/// What each task of the peers does; dropping its turn is the next one's.
async fn one(told: impl Future<Output = ()>, turn: impl Future<Output = ()>) {
    let mut turn = std::pin::pin!(turn);
    told.await;
    turn.as_mut().await;
    assert!(timeout(LIMIT, close()).await.is_ok());
}

/// Every task waits for its stop.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

struct Immediate;

impl Shutdown for Immediate {
    async fn shutdown(self, _cx: Context) -> graceful::Result {
        close().await;
        Ok(())
    }
}

/// A state of many fields: what the derive expands to, for a number that is known at run time.
struct Ordered(&'static [Step]);

impl Shutdown for Ordered {
    fn shutdown(self, cx: Context) -> impl Future<Output = graceful::Result> + Send {
        let mut steps = Steps::new(cx, Plan::new("Ordered", self.0));
        for _ in self.0 {
            steps.close(Immediate);
        }
        steps.run()
    }
}

async fn steps(count: u32) -> Duration {
    let steps: Vec<Step> = (0..count)
        .map(|order| Step::new("step").order(order).timeout(LIMIT))
        .collect();
    let embedded = Embedded::new();
    embedded.run(Ordered(steps.leak()));
    settle().await;
    let began = Instant::now();
    let report = embedded.stop(BUDGET).await;
    let took = began.elapsed();
    assert!(report.is_clean(), "{report}");
    took
}

/// As most programs do it: none guarded against a panic, or a close that blocks its thread.
async fn in_line(count: u32) -> Duration {
    settle().await;
    let began = Instant::now();
    for _ in 0..count {
        assert!(timeout(LIMIT, close()).await.is_ok());
    }
    began.elapsed()
}

/// Each in a task of its own: a panic of one is not that of the others.
async fn spawned(count: u32) -> Duration {
    settle().await;
    let began = Instant::now();
    for _ in 0..count {
        let closed = timeout(LIMIT, tokio::spawn(close())).await;
        assert!(matches!(closed, Ok(Ok(()))));
    }
    began.elapsed()
}

/// A token and a tracker for each: told, closed, waited for.
async fn tracked(count: u32) -> Duration {
    let steps = (0..count).map(|_| {
        let (token, tracker) = (CancellationToken::new(), TaskTracker::new());
        tracker.spawn(token.clone().cancelled_owned());
        (token, tracker)
    });
    let steps: Vec<_> = steps.collect();
    settle().await;
    let began = Instant::now();
    for (token, tracker) in &steps {
        token.cancel();
        tracker.close();
        assert!(timeout(LIMIT, tracker.wait()).await.is_ok());
    }
    began.elapsed()
}

async fn guarded(count: u32) -> Duration {
    let (stop, told) = oneshot::channel::<()>();
    let shutdown = tokio_graceful::Shutdown::new(told);
    for (_, turn) in in_order(0..count) {
        drop(shutdown.spawn_task_fn(async |guard| one(guard.cancelled(), turn).await));
    }
    settle().await;
    let began = Instant::now();
    drop(stop);
    let stopped = shutdown.shutdown_with_limit(BUDGET).await;
    stopped.expect("it stops");
    began.elapsed()
}

/// Each waits for the end of the one before it, as in its example `19_sequential_shutdown`.
async fn subsystems(count: u32) -> Duration {
    let stop = CancellationToken::new();
    let root = async move |top: &mut SubsystemHandle| {
        let mut before: Option<SubsystemFinishedFuture> = None;
        for _ in 0..count {
            let one_before = before.take();
            let turn = async move {
                if let Some(before) = one_before {
                    before.await;
                }
            };
            let one = async move |subsystem: &mut SubsystemHandle| {
                one(subsystem.on_shutdown_requested(), turn).await;
                Ok::<_, std::io::Error>(())
            };
            before = Some(top.start(SubsystemBuilder::new("step", one)).finished());
        }
    };
    let top: Toplevel = Toplevel::new_with_shutdown_token(root, stop.clone());
    let stopped = tokio::spawn(top.handle_shutdown_requests(BUDGET));
    settle().await;
    let began = Instant::now();
    stop.cancel();
    stopped.await.expect("it runs").expect("it stops");
    began.elapsed()
}

async fn delayed(count: u32) -> Duration {
    let shutdown = async_shutdown::ShutdownManager::new();
    for (_, turn) in in_order(0..count) {
        let triggered = shutdown.wait_shutdown_triggered();
        let one = one(triggered, turn);
        let task = shutdown.wrap_delay_shutdown(one);
        drop(tokio::spawn(task.expect("it runs")));
    }
    settle().await;
    let began = Instant::now();
    shutdown.trigger_shutdown(()).expect("once");
    shutdown.wait_shutdown_complete().await;
    began.elapsed()
}

async fn departing(count: u32) -> Duration {
    for (_, turn) in in_order(0..count) {
        let guard = elegant_departure::get_shutdown_guard();
        drop(tokio::spawn(async move { one(guard.wait(), turn).await }));
    }
    settle().await;
    let began = Instant::now();
    elegant_departure::shutdown().await;
    began.elapsed()
}

async fn singing(count: u32) -> Duration {
    let swansong = Swansong::new();
    for (_, turn) in in_order(0..count) {
        let one = one(swansong.shutting_down(), turn);
        drop(tokio::spawn(swansong.guarded(one)));
    }
    settle().await;
    let began = Instant::now();
    swansong.shut_down().await;
    began.elapsed()
}
