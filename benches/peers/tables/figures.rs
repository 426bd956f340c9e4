//! Figures that the program `cost` prints: each of a process of its own.

use graceful_peers::child::program;
use graceful_peers::statistics::median;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Nobody waits longer for one.
const LIMIT: Duration = Duration::from_mins(1);

/// The middle of each figure, of so many processes; none where one takes too long.
pub(crate) fn medians(what: &str, kind: &str, count: u32, runs: usize) -> Option<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    for _ in 0..runs {
        all.push(figures(what, kind, count)?);
    }
    let figure = |at: usize| median(all.iter().map(|figures| figures[at]).collect());
    Some((0..all[0].len()).map(figure).collect())
}

fn figures(what: &str, kind: &str, count: u32) -> Option<Vec<f64>> {
    let mut command: Command = program("cost");
    command.args([what, kind, &count.to_string()]);
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let until = Instant::now() + LIMIT;
    while child.try_wait().expect("it is ours").is_none() {
        if Instant::now() > until {
            child.kill().expect("it is ours");
            child.wait().expect("it is ours");
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let output = child.wait_with_output().expect("it has ended");
    assert!(output.status.success(), "{command:?}: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers = text.split_whitespace().map(str::parse);
    Some(numbers.collect::<Result<_, _>>().expect("numbers"))
}
