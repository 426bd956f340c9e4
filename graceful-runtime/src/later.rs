//! A moment after now, whatever was asked for.

use std::time::Duration;
use tokio::time::Instant;

/// `now + duration`, or a moment that nobody lives to see where that is out of range: limits may be
/// given as `Duration::MAX`, for "wait".
pub(crate) fn later(now: Instant, duration: Duration) -> Instant {
    const THIRTY_YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    // Well within the range, since those who compare it add to it.
    now + duration.min(THIRTY_YEARS)
}
