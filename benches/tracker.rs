//! What it costs to be counted: a guard beside an `Arc`, and a task beside a bare one.
//!
//! Processor time, the least of many runs: other work on the machine makes a run longer, never
//! shorter. Where two threads contend it is the middle: the least is the run in which they missed
//! each other.

use graceful::Tracker;
use graceful_benches::{Bound, median, ratio};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::process::Command;
use std::sync::{Arc, Barrier};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

const GUARD: Bound = Bound {
    what: "a guard, taken and dropped, beside an `Arc`",
    most: 1.2,
    unit: "times",
};

const CONTENDED: Bound = Bound {
    what: "the same by two threads at the same time",
    ..GUARD
};

const REFUSED: Bound = Bound {
    what: "a guard that is refused, beside an `Arc`",
    ..GUARD
};

const PARKED: Bound = Bound {
    what: "a parked task of a million, with place and age",
    most: 500.0,
    unit: "bytes",
};

const DRAINED: Bound = Bound {
    what: "its end, beside that of a bare task",
    most: 1.1,
    unit: "times",
};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[1..] {
        // In a process of its own, whose memory is that of its tasks.
        ["park", kind, count] => park(kind, count.parse().expect("a number")),
        // For an instruction counter, which is to see one kind alone.
        ["call", kind, calls] => {
            Subjects::default().call(kind, calls.parse().expect("a number"));
        }
        _ => {
            guards();
            spawns();
            parked();
        }
    }
}

fn cpu(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let [seconds, nanos] = [time.tv_sec, time.tv_nsec].map(u64::try_from);
    Duration::from_secs(seconds.unwrap_or(0)) + Duration::from_nanos(nanos.unwrap_or(0))
}

/// The processor time of this thread.
fn timed(run: impl FnOnce()) -> Duration {
    let before = cpu(ClockId::ThreadCPUTime);
    run();
    cpu(ClockId::ThreadCPUTime).saturating_sub(before)
}

#[derive(Clone, Default)]
struct Subjects {
    arc: Arc<()>,
    tracker: Tracker,
}

impl Subjects {
    /// Takes one and drops it, so often.
    fn call(&self, kind: &str, calls: u32) {
        fn repeat(calls: u32, mut call: impl FnMut()) {
            (0..calls).for_each(|_| call());
        }
        match kind {
            "nothing" => repeat(calls, || black_box(())),
            "shared Arc" => repeat(calls, || drop(black_box(Arc::clone(black_box(&self.arc))))),
            "Arc" => {
                let own = Arc::new(());
                repeat(calls, || drop(black_box(Arc::clone(black_box(&own)))));
            }
            "guard" => repeat(calls, || drop(black_box(black_box(&self.tracker).guard()))),
            "refused guard" => {
                self.tracker.close();
                repeat(calls, || drop(black_box(black_box(&self.tracker).guard())));
            }
            _ => unreachable!("no such kind: {kind}"),
        }
    }
}

/// The least that each took, in turns, so that a busy minute is one for all.
fn least<const N: usize>(
    rounds: usize,
    kinds: [&str; N],
    mut time: impl FnMut(&str) -> Duration,
) -> [Duration; N] {
    let mut least = [Duration::MAX; N];
    for _ in 0..rounds {
        for (kind, least) in kinds.iter().zip(&mut least) {
            *least = time(kind).min(*least);
        }
    }
    least
}

const CALLS: u32 = 100_000;

fn guards() {
    let kinds = ["Arc", "guard", "refused guard"];
    let alone = least(100, kinds, |kind| {
        let subjects = Subjects::default();
        timed(|| subjects.call(kind, CALLS))
    });
    println!("take and drop, one thread:");
    for (kind, time) in kinds.iter().zip(alone) {
        line(kind, time, CALLS, alone[0]);
    }
    println!("{}", GUARD.beside(ratio(alone[1], alone[0])));
    println!("{}", REFUSED.beside(ratio(alone[2], alone[0])));
    println!("take and drop, two threads at the same time:");
    let kinds = ["Arc", "guard", "shared Arc"];
    let together = kinds.map(contended);
    for (kind, time) in kinds.iter().zip(together) {
        line(kind, time, CALLS, alone[0]);
    }
    println!("{}", CONTENDED.beside(ratio(together[1], together[0])));
}

fn contended(kind: &str) -> Duration {
    let (subjects, start) = (Subjects::default(), Barrier::new(2));
    let thread = || {
        let runs = (0..100).map(|_| {
            start.wait();
            timed(|| subjects.call(kind, CALLS))
        });
        median(runs.collect())
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(thread);
        thread().max(other.join().expect("the other thread"))
    })
}

fn line(kind: &str, time: Duration, count: u32, base: Duration) {
    let each = time.as_secs_f64() * 1e9 / f64::from(count);
    println!(
        "  {kind:<14} {each:>7.1} ns, {:.2} times",
        ratio(time, base)
    );
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().build();
    runtime.expect("a runtime")
}

/// Spawns and ends tasks that do nothing, on one thread.
fn spawns() {
    const TASKS: u32 = 1000;
    let runtime = runtime();
    let subjects = Subjects::default();
    let kinds = ["bare", "tracked"];
    let times = least(500, kinds, |kind| {
        timed(|| {
            runtime.block_on(async {
                for _ in 0..TASKS {
                    spawn(&subjects, kind, async {});
                }
                until_no_task().await;
            });
        })
    });
    println!("spawn and end, one thread:");
    for (kind, time) in kinds.iter().zip(times) {
        line(kind, time, TASKS, times[0]);
    }
}

fn spawn(subjects: &Subjects, kind: &str, future: impl Future<Output = ()> + Send + 'static) {
    match kind {
        "bare" => drop(tokio::spawn(future)),
        "tracked" => drop(subjects.tracker.spawn(future)),
        _ => unreachable!("no such kind: {kind}"),
    }
}

async fn until_no_task() {
    let metrics = tokio::runtime::Handle::current().metrics();
    while metrics.num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * rustix::param::page_size()
}

/// Parks tasks on a `Notify`, and drains them: prints bytes and nanoseconds.
fn park(kind: &str, count: u32) {
    let runtime = runtime();
    let (subjects, gate) = (Subjects::default(), Arc::new(Notify::new()));
    let parks = || {
        let gate = gate.clone();
        async move { gate.notified().await }
    };
    runtime.block_on(async {
        let before = resident();
        for _ in 0..count {
            spawn(&subjects, kind, parks());
        }
        // First come, first served: once this one has run, all have.
        tokio::spawn(async {}).await.expect("it ends");
        let bytes = resident() - before;
        subjects.tracker.close();
        let began = cpu(ClockId::ThreadCPUTime);
        gate.notify_waiters();
        until_no_task().await;
        let took = cpu(ClockId::ThreadCPUTime).saturating_sub(began);
        println!("{bytes} {}", took.as_nanos());
    });
}

#[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
fn each(bytes: u64, count: u32) -> f64 {
    bytes as f64 / f64::from(count)
}

fn parked() {
    const RUNS: usize = 15;
    const MANY: u32 = 1_000_000;

    let program = std::env::current_exe().expect("a path of its own");
    let run = |kind: &str, count: u32| {
        let output = Command::new(&program)
            .args(["park", kind, &count.to_string()])
            .output()
            .expect("it runs itself");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers = text.trim().split_once(' ').expect("two numbers");
        let number = |text: &str| text.parse::<u64>().expect("a number");
        (number(numbers.0), Duration::from_nanos(number(numbers.1)))
    };
    for count in [1_000, 10_000, 100_000, MANY] {
        println!("{count} tasks that wait, and their end:");
        let kinds = ["bare", "tracked"];
        let mut bytes = [u64::MAX; 2];
        let times = least(RUNS, kinds, |kind| {
            let (resident, took) = run(kind, count);
            let at = kinds.iter().position(|known| *known == kind);
            let bytes = &mut bytes[at.expect("a kind")];
            *bytes = resident.min(*bytes);
            took
        });
        for ((kind, bytes), took) in kinds.iter().zip(bytes).zip(times) {
            print!("  {:>4} bytes a task", bytes / u64::from(count));
            line(kind, took, count, times[0]);
        }
        if count == MANY {
            println!("{}", PARKED.beside(each(bytes[1], count)));
            println!("{}", DRAINED.beside(ratio(times[1], times[0])));
        }
    }
}
