//! Ten thousand lives in one process leave nothing behind: no thread, no file descriptor, no memory.
//!
//! In a process of its own, so that no other test starts threads or opens files meanwhile.

#![cfg(target_os = "linux")]

use graceful::testing::{Fault, run};
use graceful::{Builder, Embedded};
use std::env;
use std::process::Command;
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
///
/// An allocator takes pages until it has enough of each size: a megabyte, now in one round, now in the next. A leak
/// takes as much in every round.
fn leaves_nothing_behind(cycles: usize, live: impl Fn()) {
    const ROUNDS: usize = 4;

    for _ in 0..cycles / 5 {
        live();
    }
    let rounds = (0..ROUNDS).map(|_| {
        let before = Held::at_rest(2);
        for _ in 0..cycles {
            live();
        }
        let after = Held::at_rest(before.threads);
        println!("{cycles} cycles: {before:?}, then {after:?}");
        assert!(after.threads <= before.threads, "{before:?} {after:?}");
        assert!(after.files <= before.files, "{before:?} {after:?}");
        after.resident_kib.saturating_sub(before.resident_kib) * 1024
    });
    // Less than a tenth of the smallest thing that a life allocates.
    let is_level = rounds.map(|grown| grown / cycles).any(|each| each < 100);
    assert!(is_level, "it grew in each of {ROUNDS} rounds");
}

/// Of the process that lives.
const ALONE: &str = "LIVES_ALONE";

#[test]
fn ten_thousand_lives_leave_nothing_behind() {
    if env::var_os(ALONE).is_some() {
        return live_and_count();
    }
    let name = "leaks::ten_thousand_lives_leave_nothing_behind";
    let output = Command::new(env::current_exe().expect("Linux knows it"))
        .args(["--exact", name, "--nocapture", "--test-threads", "1"])
        .env(ALONE, "")
        .output()
        .expect("it runs once more");
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{error}");
    assert!(said.contains("1 passed"), "{said}");
    println!("{said}");
}

fn live_and_count() {
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
