//! Shared by the benchmarks: each figure beside what it may be at most. Beside other crates: `peers/`.

pub mod quote;

use std::fmt;
use std::time::Duration;

/// What a figure may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// What is measured.
    pub what: &'static str,
    /// The largest figure that is still good.
    pub most: f64,
    /// What both figures count: `µs`, or `times`.
    pub unit: &'static str,
}

impl Bound {
    /// Shows a figure beside its bound: `  1.25 µs of at most 2 µs: met (ordered immediate closes)`.
    ///
    /// On a machine that does other work the figure is that of the machine.
    #[must_use]
    pub fn beside(self, figure: f64) -> impl fmt::Display {
        let Self { what, most, unit } = self;
        let verdict = if figure <= most { "met" } else { "NOT MET" };
        format!("  {figure:.2} {unit} of at most {most} {unit}: {verdict} ({what})")
    }
}

/// A time in microseconds.
#[must_use]
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// How many times as long the first one took.
#[must_use]
pub fn ratio(time: Duration, base: Duration) -> f64 {
    time.as_secs_f64() / base.as_secs_f64()
}

/// The middle of what was measured.
///
/// # Panics
///
/// If nothing was.
#[must_use]
pub fn median(mut measured: Vec<Duration>) -> Duration {
    measured.sort();
    measured[measured.len() / 2]
}

/// Whether the figures are to go into the documents too: `--quote`, for a machine that does nothing else.
#[must_use]
pub fn is_to_quote() -> bool {
    std::env::args().any(|argument| argument == "--quote")
}

/// The load of the machine in the last minute, as it stands beside what was measured.
#[must_use]
pub fn load() -> String {
    let average = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split(' ').next().unwrap_or_default().to_owned()
}
