//! The attribute alone is never worse than tokio's: each program runs under both, with work in flight when the
//! signal comes, and the test compares what was finished, how it ended and after what time.

#![cfg(unix)]

mod end;
mod patterns;
mod row;
mod run;
mod table;

use graceful::Signal;
use patterns::{PATTERNS, Pattern};
use row::Row;
use run::{Attribute, DEADLINE, start};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const SIGNALS: [Signal; 2] = [Signal::Interrupt, Signal::Terminate];
const FLAVORS: [&str; 2] = ["multi_thread", "current_thread"];

/// Programs at the same time: they mostly wait.
const AT_ONCE: usize = 48;

#[test]
fn no_pattern_ends_worse_than_under_tokio() {
    let mut rows = Vec::new();
    for pattern in &PATTERNS {
        for signal in SIGNALS {
            rows.extend(FLAVORS.map(|flavor| (pattern, signal, flavor)));
        }
    }
    // Only a number is handed out, each once.
    let next = AtomicUsize::new(0);
    let rows = &rows;
    let work = || {
        let taken = || rows.get(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(taken)
            .map(|&(pattern, signal, flavor)| Row::run(pattern, signal, flavor))
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no worker panics"))
            .collect()
    });
    rows.sort_by_key(Row::position);

    println!("{}", table::of(&rows).join("\n"));
    let worse: Vec<String> = rows.iter().filter_map(Row::what_is_worse).collect();
    assert!(
        worse.is_empty(),
        "{} are worse:\n{}",
        worse.len(),
        worse.join("\n")
    );
}

/// Under tokio the second one is swallowed.
#[test]
fn a_second_signal_forces_the_end_of_a_drain_in_main() {
    let drain = Pattern::named("drain");
    for signal in SIGNALS {
        for flavor in FLAVORS {
            let mut process = start(drain, Attribute::Graceful, flavor);
            process.wait_for_line("ready");
            process.signal(signal);
            // However late a busy machine is to tell it of the first one.
            process.wait_for_stderr("stopping after");
            process.after(Duration::from_millis(300));
            let ended = process.signal(signal).end();
            ended
                .assert_code(128 + i32::from(signal.number()))
                .assert_within(DEADLINE / 2)
                .assert_stderr(&["second signal"]);
            assert!(!ended.stdout.contains("finished"), "{ended}");
        }
    }
}
