//! Figures of many runs.

use std::time::Duration;

/// The middle of what was measured.
///
/// # Panics
///
/// If nothing was.
pub fn median<T: PartialOrd + Copy>(mut measured: Vec<T>) -> T {
    measured.sort_by(|a, b| a.partial_cmp(b).expect("figures can be compared"));
    measured[measured.len() / 2]
}

/// What each of so many took, in nanoseconds.
pub fn nanos_each(time: Duration, count: u32) -> f64 {
    time.as_secs_f64() * 1e9 / f64::from(count)
}
