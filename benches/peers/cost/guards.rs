//! A guard of work in flight, taken and dropped: nanoseconds of the processor, of one thread and of each of two.

use graceful::Tracker;
use graceful_peers::statistics::{median, nanos_each};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Duration;
use swansong::Swansong;
use tokio_util::task::TaskTracker;

const RUNS: u32 = 100;

/// Prints both figures: of so many guards, over and over.
pub(crate) fn measure(kind: &str, count: u32) {
    match kind {
        "Arc" => {
            let one = Arc::new(());
            both(count, || drop(black_box(Arc::clone(black_box(&one)))));
        }
        "graceful" => {
            let tracker = Tracker::new();
            both(count, || drop(black_box(black_box(&tracker).guard())));
        }
        "tokio-util" => {
            let tracker = TaskTracker::new();
            both(count, || drop(black_box(black_box(&tracker).token())));
        }
        "tokio-graceful" => {
            let shutdown = tokio_graceful::Shutdown::no_signal();
            both(count, || drop(black_box(black_box(&shutdown).guard())));
        }
        "async-shutdown" => {
            let shutdown = async_shutdown::ShutdownManager::<i32>::new();
            both(count, || {
                let token = black_box(&shutdown).delay_shutdown_token();
                drop(black_box(token));
            });
        }
        // Each is remembered for ever, so these are few.
        "elegant-departure" => both(count / 100, || {
            drop(black_box(elegant_departure::get_shutdown_guard()));
        }),
        "swansong" => {
            let swansong = Swansong::new();
            both(count, || drop(black_box(black_box(&swansong).guard())));
        }
        "swansong, with a report" => {
            let swansong = Swansong::with_guard_report();
            both(count, || drop(black_box(black_box(&swansong).guard())));
        }
        "hyper-util" => {
            let connections = hyper_util::server::graceful::GracefulShutdown::new();
            both(count, || drop(black_box(black_box(&connections).watcher())));
        }
        _ => panic!("no such kind: {kind}"),
    }
}

fn both(calls: u32, call: impl Fn() + Sync) {
    let run = || {
        let before = processor_time();
        (0..calls).for_each(|_| call());
        processor_time().saturating_sub(before)
    };
    // Other work on the machine makes a run longer, never shorter.
    let alone = (0..RUNS).map(|_| run()).min().unwrap_or_default();
    let start = Barrier::new(2);
    // Where two threads contend the least is the run in which they missed each other.
    let contends = || {
        let runs = (0..RUNS).map(|_| {
            start.wait();
            run()
        });
        median(runs.collect())
    };
    let together = std::thread::scope(|scope| {
        let other = scope.spawn(contends);
        contends().max(other.join().expect("the other thread"))
    });
    let [alone, together] = [alone, together].map(|time| nanos_each(time, calls));
    println!("{alone:.1} {together:.1}");
}

/// Of this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let [seconds, nanos] = [time.tv_sec, time.tv_nsec].map(u64::try_from);
    Duration::from_secs(seconds.unwrap_or(0)) + Duration::from_nanos(nanos.unwrap_or(0))
}
