//! A probe that is sent after the signal is not told that all is well, however busy the server is.

use graceful_load::ready_for_after_the_signal;
use std::time::Duration;

/// What only a hundredth of so many stops exceed, and the longest of them.
async fn stops(runs: usize) -> (Duration, Duration) {
    let mut all = Vec::new();
    for _ in 0..runs {
        all.push(ready_for_after_the_signal(env!("CARGO_BIN_EXE_graceful")).await);
    }
    all.sort();
    let (median, p99, longest) = (
        all[runs / 2],
        all[(runs * 99).div_ceil(100) - 1],
        all[runs - 1],
    );
    println!(
        "{runs} stops: ready for {median:.2?} (median), {p99:.2?} (p99) and {longest:.2?} (the longest) after the signal"
    );
    (p99, longest)
}

/// Wide, since other things run on the machine as well: half of the delay, at whose end nobody would be told any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_few_stops() {
    let (_, longest) = stops(5).await;
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute, and a machine that does nothing else"]
async fn a_hundred_stops() {
    let (p99, _) = stops(100).await;
    assert!(p99 < Duration::from_millis(5), "{p99:?}");
}
