//! The level `debug` has each thing that the stop waits for, and each poll that did not end a close.

use crate::program;
use graceful::Signal;
use graceful::testing::Ended;

fn stopped_at(level: &str) -> Ended {
    let mut process = program("closely")
        .arg(level)
        .env("GRACEFUL_DELAY", "50ms")
        .start();
    process.wait_for_line("ready");
    process.signal(Signal::Terminate).end()
}

#[test]
fn debug_shows_each_poll_and_each_wait() {
    let ended = stopped_at("debug");
    ended.assert_code(1);
    for wait in [
        "DEBUG waiting for the delay, still serving (0.050 s at most)",
        "DEBUG waiting for what hangs holds to be dropped (0.050 s at most)",
        // 5 ms, and 50 more where the runtime is at work.
        "DEBUG waiting for tasks that nobody tracks (0.0",
        "DEBUG waiting for the runtime to end (0.100 s at most)",
        "DEBUG hangs waits, polled ",
        "DEBUG sender waits (sent 10 of 10), polled ",
    ] {
        ended.assert_stdout(&[wait]);
    }
    // One that is polled for each of ten things: lines that came while another was on its way are one.
    let polls = ended.stdout.lines().filter_map(|line| {
        let (_, times) = line
            .strip_prefix("DEBUG sender waits")?
            .rsplit_once("polled ")?;
        Some(
            times
                .strip_suffix(" times")
                .map_or(1, |n| n.parse().unwrap()),
        )
    });
    let polls: u32 = polls.sum();
    assert!(polls >= 10, "{polls}: {ended}");
    // In its place among the others.
    let at = |words: &str| ended.stdout.find(words).unwrap();
    assert!(at("INFO closing sender") < at("DEBUG sender waits"));
    assert!(at("DEBUG sender waits") < at("INFO sender: closed"));
}

#[test]
fn other_levels_show_none_of_them() {
    let ended = stopped_at("info");
    ended.assert_code(1).assert_stdout(&["INFO closing sender"]);
    assert!(!ended.stdout.contains("polled"), "{ended}");
    assert!(!ended.stdout.contains("waiting for"), "{ended}");
}
