//! Closing a tracker: nothing new, then the end of what there is.

use super::Tracker;
use super::in_flight::summary;
use crate::race::race;
use crate::{Context, Result, Shutdown};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How old what is said of the work in flight may be.
const EVERY: Duration = Duration::from_millis(250);

/// The report may be written before the future is dropped at its limit, so the last word comes
/// before it.
const BEFORE_THE_LIMIT: Duration = Duration::from_millis(10);

/// Refuses new work, and waits for what is in flight.
///
/// At its limit the step has timed out, and its last word in the report names what was left; the
/// tasks among it are aborted.
impl Shutdown for Tracker {
    async fn shutdown(self, cx: Context) -> Result {
        self.close();
        let closing = Closing { tracker: self, cx };
        race(closing.tracker.wait(), closing.keep_telling()).await;
        Ok(())
    }
}

fn next(now: Instant, limit: Instant) -> Instant {
    let last = limit.checked_sub(BEFORE_THE_LIMIT).unwrap_or(limit);
    let next = now + EVERY;
    if now < last { last.min(next) } else { next }
}

struct Closing {
    tracker: Tracker,
    cx: Context,
}

impl Closing {
    async fn keep_telling(&self) {
        loop {
            self.tell();
            sleep_until(next(Instant::now(), self.cx.deadline())).await;
        }
    }

    /// Says what is left; `false` where nothing is.
    fn tell(&self) -> bool {
        let left = self.tracker.left();
        if !left.is_empty() {
            self.cx.progress(summary(&left));
        }
        !left.is_empty()
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        // Told once more before any task is touched: this is the state at the limit.
        if self.tell() {
            self.tracker.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_comes_right_before_the_limit() {
        let limit = Instant::now() + Duration::from_secs(1);
        let in_ms = |now| {
            let now = limit.checked_sub(Duration::from_millis(now));
            let now = now.unwrap_or(limit);
            (next(now, limit) - now).as_millis()
        };
        assert_eq!(
            [1000, 300, 260, 200, 10, 5, 0].map(in_ms),
            [250, 250, 250, 190, 250, 250, 250]
        );
    }
}
