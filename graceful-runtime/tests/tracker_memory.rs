//! Nothing is left of trackers, threads and tasks that are gone. In a process of its own, since it
//! looks at the memory of the whole.

#![cfg(target_os = "linux")]

use graceful_runtime::Tracker;
use std::thread;

/// Resident memory, in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm");
    let pages = pages.ok().and_then(|statm| {
        let resident = statm.split(' ').nth(1)?;
        resident.parse::<usize>().ok()
    });
    pages.expect("statm has the resident pages second") * 4096
}

/// The bytes that a cycle adds, after as many that warm up.
fn grows(cycles: usize, cycle: impl Fn()) -> usize {
    (0..cycles).for_each(|_| cycle());
    let before = resident();
    (0..cycles).for_each(|_| cycle());
    resident().saturating_sub(before) / cycles
}

fn guards() {
    let tracker = Tracker::new();
    let guards = [tracker.guard(), tracker.guard(), tracker.guard()];
    assert_eq!(tracker.len(), 3);
    tracker.close();
    drop(guards);
}

fn guard_that_outlives_its_tracker() {
    let tracker = Tracker::new();
    let guard = tracker.guard();
    drop(tracker);
    drop(guard);
}

fn guard_of_another_thread() {
    let tracker = Tracker::new();
    let guard = thread::scope(|scope| scope.spawn(|| tracker.guard()).join());
    drop(tracker);
    drop(guard);
}

/// One test, so that nothing else grows in the meantime. A cell alone is 128 bytes.
#[test]
fn nothing_is_left_of_what_is_gone() {
    assert_eq!(grows(10_000, guards), 0);
    assert_eq!(grows(10_000, guard_that_outlives_its_tracker), 0);
    assert!(grows(2_000, guard_of_another_thread) < 16);

    let tracker = Tracker::new();
    let thread_of_a_tracker_that_stays = || {
        let guard = thread::scope(|scope| scope.spawn(|| tracker.guard()).join());
        assert_eq!(tracker.len(), 1);
        drop(guard);
    };
    assert!(grows(2_000, thread_of_a_tracker_that_stays) < 16);

    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.expect("a runtime");
    let tasks = || {
        let tracker = Tracker::new();
        let _entered = runtime.enter();
        for _ in 0..10 {
            assert!(tracker.spawn(async {}).is_ok());
        }
        tracker.close();
        runtime.block_on(tracker.wait());
    };
    assert_eq!(grows(1_000, tasks), 0);
}
