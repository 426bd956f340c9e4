//! A probe that is sent after the signal is not told that all is well, however busy the server is.

#![cfg(unix)]

use graceful_load::ready_for_after_the_signal;
use std::time::Duration;

/// The longest of so many stops, and the one that only a hundredth of them exceed.
async fn stops(runs: usize) -> (Duration, Duration) {
    let mut all = Vec::new();
    for _ in 0..runs {
        all.push(ready_for_after_the_signal(env!("CARGO_BIN_EXE_graceful")).await);
    }
    all.sort();
    let p99 = all[(runs * 99 / 100).min(runs - 1)];
    let longest = all[runs - 1];
    println!("{runs} stops: ready for {p99:.2?} (p99) after the signal, {longest:.2?} at most");
    (p99, longest)
}

/// Wide, since other things run on the machine as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_few_stops() {
    let (_, longest) = stops(5).await;
    assert!(longest < Duration::from_millis(100), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute, and a machine that does nothing else"]
async fn a_hundred_stops() {
    let (p99, _) = stops(100).await;
    assert!(p99 < Duration::from_millis(5), "{p99:?}");
}
