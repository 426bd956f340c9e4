//! Shared by the benchmarks.

pub mod peers;

use std::time::Duration;

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
