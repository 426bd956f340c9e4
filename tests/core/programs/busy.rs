//! Many stops on a machine that has more to do than it can.

use crate::{ms, say};
use graceful::{Embedded, Outcome, Report};
use std::future::pending;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::yield_now;

/// So long, and until there have been so many.
const FOR: Duration = Duration::from_secs(3);
const STOPS: usize = 40;

const LIMIT: Duration = ms(30);

/// A step begins a moment after the one before it has ended, from which its time runs.
const ROUNDING: Duration = ms(5);

#[derive(graceful::Shutdown)]
struct Quick {
    #[shutdown(timeout = "1s", with = |(), _| yield_now())]
    http: (),
    #[shutdown(timeout = "1s", with = |(), _| yield_now())]
    jobs: (),
    #[shutdown(timeout = "1s", with = |(), _| yield_now())]
    db: (),
    #[shutdown(timeout = "1s", with = |(), _| yield_now())]
    log: (),
}

#[derive(graceful::Shutdown)]
struct Slow {
    #[shutdown(timeout = "30ms", with = |(), _| pending::<()>())]
    http: (),
    #[shutdown(timeout = "30ms", with = |(), _| pending::<()>())]
    jobs: (),
    #[shutdown(timeout = "30ms", with = |(), _| yield_now())]
    db: (),
}

#[derive(Default)]
struct Found {
    stops: AtomicUsize,
    out_of_order: AtomicUsize,
    cut_short: AtomicUsize,
    too_little_time: AtomicUsize,
}

impl Found {
    fn look_at(&self, report: &Report) {
        let add = |to: &AtomicUsize, more: usize| to.fetch_add(more, Ordering::Relaxed);
        add(&self.stops, 1);
        // The state, and its fields one after the other.
        let steps: Vec<_> = report.leaves().collect();
        let out_of_order = steps.windows(2).filter(|pair| {
            let ended = pair[0].started.map(|started| started + pair[0].took);
            pair[1].started < ended
        });
        add(&self.out_of_order, out_of_order.count());
        let cut_short = steps.iter().filter(|step| {
            let cut = matches!(step.outcome, Outcome::TimedOut) && step.took + ROUNDING < LIMIT;
            let less = step.timeout.zip(step.limit);
            cut || less.is_some_and(|(declared, limit)| limit + ROUNDING < declared)
        });
        add(&self.cut_short, cut_short.count());
        let too_little = report.to_string().matches("too little time").count();
        add(&self.too_little_time, too_little);
    }
}

fn stop(state: impl FnOnce() -> App) -> std::sync::Arc<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let life = Embedded::new();
        match state() {
            App::Quick(quick) => life.run(quick),
            App::Slow(slow) => life.run(slow),
        }
        life.stop(Duration::from_secs(5)).await
    })
}

enum App {
    Quick(Quick),
    Slow(Slow),
}

impl App {
    fn quick() -> Self {
        Self::Quick(Quick {
            http: (),
            jobs: (),
            db: (),
            log: (),
        })
    }

    fn slow() -> Self {
        Self::Slow(Slow {
            http: (),
            jobs: (),
            db: (),
        })
    }
}

pub(crate) fn stops() -> ExitCode {
    let began = Instant::now();
    let found = Found::default();
    let goes_on = || began.elapsed() < FOR || found.stops.load(Ordering::Relaxed) < STOPS;
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while goes_on() {
                    black_box((0..1000).sum::<u64>());
                }
            });
        }
        for state in [App::quick, App::slow, App::slow, App::slow] {
            let (found, goes_on) = (&found, &goes_on);
            scope.spawn(move || {
                while goes_on() {
                    found.look_at(&stop(state));
                }
            });
        }
    });
    for (name, count) in [
        ("stops", &found.stops),
        ("out of order", &found.out_of_order),
        ("cut short", &found.cut_short),
        ("too little time", &found.too_little_time),
    ] {
        say(&format!("{name}: {}", count.load(Ordering::Relaxed)));
    }
    ExitCode::SUCCESS
}
