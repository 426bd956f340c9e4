//! Ten thousand lives in one process leave nothing behind: no thread, no file descriptor, no memory.
//!
//! One test, so that nothing else of this process starts threads or opens files meanwhile.

#![cfg(target_os = "linux")]

use graceful::testing::{Fault, run};
use graceful::{Builder, Embedded};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
    #[shutdown(timeout = "1s", with = |_db, _cx| async {})]
    db: u8,
}

fn app(stop: graceful::Requested) -> App {
    App {
        worker: tokio::spawn(stop),
        db: 0,
    }
}

/// What the kernel counts for this process.
#[derive(Debug)]
struct Held {
    threads: usize,
    files: usize,
    resident_kib: usize,
}

impl Held {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_whitespace().nth(1));
            value.and_then(|value| value.parse().ok()).expect(name)
        };
        Self {
            threads: field("Threads:"),
            files: std::fs::read_dir("/proc/self/fd")
                .expect("Linux has it")
                .count(),
            resident_kib: field("VmRSS:"),
        }
    }

    /// Threads end a moment after whoever they served.
    fn at_rest(before: usize) -> Self {
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            let now = Self::now();
            if now.threads <= before || Instant::now() > patience {
                return now;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Lives `cycles` times, after enough to warm every cache, and asserts that nothing has grown.
fn leaves_nothing_behind(cycles: usize, live: impl Fn()) {
    for _ in 0..cycles / 5 {
        live();
    }
    let before = Held::at_rest(2);
    for _ in 0..cycles {
        live();
    }
    let after = Held::at_rest(before.threads);
    println!("{cycles} cycles: {before:?}, then {after:?}");
    assert!(after.threads <= before.threads, "{before:?} {after:?}");
    assert!(after.files <= before.files, "{before:?} {after:?}");
    // Less than a tenth of the smallest thing that a life allocates.
    let grown = after.resident_kib.saturating_sub(before.resident_kib) * 1024;
    assert!(grown / cycles < 100, "{before:?} {after:?}");
}

#[test]
fn ten_thousand_lives_leave_nothing_behind() {
    leaves_nothing_behind(10_000, || {
        let exit = Builder::current_thread().signals([]).run(async {
            graceful::manage(app(graceful::requested()));
            7
        });
        assert_eq!(exit, 7);
    });

    let host = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    leaves_nothing_behind(10_000, || {
        host.block_on(async {
            let embedded = Embedded::new();
            embedded.run(app(embedded.handle().requested()));
            let report = embedded.stop(Duration::from_mins(1)).await;
            assert!(report.is_clean(), "{report}");
        });
    });

    leaves_nothing_behind(2_000, || {
        let build = async || app(graceful::requested());
        run(build)
            .fault("db", Fault::Block(Duration::from_hours(1)))
            .report();
    });

    // Those that are kept after their end hold no thread either.
    let before = Held::at_rest(2);
    let stopped: Vec<Embedded> = (0..20)
        .map(|_| {
            host.block_on(async {
                let embedded = Embedded::new();
                embedded.run(app(embedded.handle().requested()));
                embedded.stop(Duration::from_mins(1)).await;
                embedded
            })
        })
        .collect();
    let after = Held::at_rest(before.threads);
    assert!(after.threads <= before.threads, "{before:?} {after:?}");
    drop(stopped);
}
