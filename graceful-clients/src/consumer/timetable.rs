//! How a consumer shares out the time that it has to close.

use std::time::Duration;
use tokio::time::Instant;

/// Never more than this is kept for the end: brokers answer sooner, or not at all.
const MOST_FOR_THE_END: Duration = Duration::from_secs(2);

/// A step that has not returned at its limit says nothing: so it returns before that, with time for a thread of a busy machine to get
/// there.
const BEFORE_THE_LIMIT: Duration = Duration::from_millis(200);

/// The last quarter of the time, 2 s at most, is kept for what comes after the last message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timetable {
    /// What is in hand is given up, and handed back.
    pub(super) cut: Instant,
    /// The source is closed, whatever has become of that.
    pub(super) close: Instant,
    /// The source is left behind.
    pub(super) end: Instant,
}

impl Timetable {
    pub(super) fn until(limit: Instant) -> Self {
        Self::between(Instant::now(), limit)
    }

    fn between(now: Instant, limit: Instant) -> Self {
        let whole = limit.saturating_duration_since(now);
        let kept = (whole / 4).min(MOST_FOR_THE_END);
        let before_limit = |time: Duration| now + whole.saturating_sub(time);
        Self {
            cut: before_limit(kept),
            close: before_limit(kept / 2),
            end: before_limit(BEFORE_THE_LIMIT.min(kept / 4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_ms(limit: u64) -> [u128; 3] {
        let now = Instant::now();
        let Timetable { cut, close, end } =
            Timetable::between(now, now + Duration::from_millis(limit));
        [cut, close, end].map(|time| (time - now).as_millis())
    }

    #[test]
    fn a_quarter_is_kept_for_the_end() {
        assert_eq!(in_ms(4000), [3000, 3500, 3800]);
        assert_eq!(in_ms(400), [300, 350, 375]);
    }

    #[test]
    fn of_much_time_two_seconds_are_kept() {
        assert_eq!(in_ms(25_000), [23_000, 24_000, 24_800]);
    }

    #[test]
    fn of_no_time_nothing_is_kept() {
        assert_eq!(in_ms(0), [0, 0, 0]);
    }
}
