//! Tasks that wait to be told, and their end: bytes a task, and the time from the request until all are gone.
//!
//! Each kind tells its tasks, and counts them, by its own means.

use graceful::{Embedded, Tracker};
use std::future::pending;
use std::time::{Duration, Instant};
use swansong::Swansong;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio_graceful_shutdown::{SubsystemBuilder, SubsystemHandle, Toplevel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// No stop takes as long.
const BUDGET: Duration = Duration::from_mins(10);

/// Prints both figures: of so many tasks.
#[tokio::main(worker_threads = 2)]
pub(crate) async fn measure(kind: &str, count: u32) {
    let before = resident();
    let started = async || {
        // Each waits once the two threads have had the time to begin with it.
        let mut last = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let now = resident();
            if now == last {
                break;
            }
            last = now;
        }
        let bytes = last.saturating_sub(before) / count as usize;
        (bytes, Instant::now())
    };
    let (bytes, began) = match kind {
        "graceful" => {
            let (embedded, tracker) = (Embedded::new(), Tracker::new());
            for _ in 0..count {
                drop(tracker.spawn(embedded.handle().requested()));
            }
            embedded.run(tracker);
            let begun = started().await;
            let report = embedded.stop(BUDGET).await;
            assert!(report.is_clean(), "{report}");
            begun
        }
        "by hand" => {
            let (stop, told) = watch::channel(false);
            let mut tasks = JoinSet::new();
            for _ in 0..count {
                let mut told = told.clone();
                tasks.spawn(async move { told.changed().await });
            }
            let begun = started().await;
            let _ = stop.send(true);
            while tasks.join_next().await.is_some() {}
            begun
        }
        "tokio-util" => {
            let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
            for _ in 0..count {
                drop(tracker.spawn(stop.clone().cancelled_owned()));
            }
            tracker.close();
            let begun = started().await;
            stop.cancel();
            tracker.wait().await;
            begun
        }
        "tokio-graceful" => {
            let (stop, told) = oneshot::channel::<()>();
            let shutdown = tokio_graceful::Shutdown::new(told);
            for _ in 0..count {
                drop(shutdown.spawn_task_fn(async |guard| guard.cancelled().await));
            }
            let begun = started().await;
            drop(stop);
            shutdown.shutdown().await;
            begun
        }
        "tokio-graceful-shutdown" => subsystems(count, started).await,
        "async-shutdown" => {
            let shutdown = async_shutdown::ShutdownManager::new();
            for _ in 0..count {
                let triggered = shutdown.wait_shutdown_triggered();
                let task = shutdown.wrap_delay_shutdown(triggered);
                drop(tokio::spawn(task.expect("it runs")));
            }
            let begun = started().await;
            shutdown.trigger_shutdown(0).expect("once");
            shutdown.wait_shutdown_complete().await;
            begun
        }
        "elegant-departure" => {
            for _ in 0..count {
                let guard = elegant_departure::get_shutdown_guard();
                drop(tokio::spawn(async move { guard.wait().await }));
            }
            let begun = started().await;
            elegant_departure::shutdown().await;
            begun
        }
        "swansong" => {
            let swansong = Swansong::new();
            for _ in 0..count {
                drop(tokio::spawn(swansong.interrupt(pending::<()>()).guarded()));
            }
            let begun = started().await;
            swansong.shut_down().await;
            begun
        }
        _ => panic!("no such kind: {kind}"),
    };
    println!("{bytes} {}", began.elapsed().as_nanos());
}

async fn subsystems(count: u32, started: impl AsyncFn() -> (usize, Instant)) -> (usize, Instant) {
    let stop = CancellationToken::new();
    let root = async move |top: &mut SubsystemHandle| {
        for _ in 0..count {
            let one = async |subsystem: &mut SubsystemHandle| {
                subsystem.on_shutdown_requested().await;
                Ok::<_, std::io::Error>(())
            };
            top.start(SubsystemBuilder::new("one", one));
        }
    };
    let top: Toplevel = Toplevel::new_with_shutdown_token(root, stop.clone());
    let stopped = tokio::spawn(top.handle_shutdown_requests(BUDGET));
    let begun = started().await;
    stop.cancel();
    stopped.await.expect("it runs").expect("it stops");
    begun
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * rustix::param::page_size()
}
