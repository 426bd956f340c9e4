//! Waiting for what is in flight, saying what is left, and cutting it at the limit.

use crate::context::Context;
use crate::select::select;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How old what is said of the work in flight may be.
const EVERY: Duration = Duration::from_millis(250);

/// The report may be written before the future is dropped at its limit, so the last word comes
/// before it.
const BEFORE_THE_LIMIT: Duration = Duration::from_millis(10);

/// Something that lets nothing new in, and waits for what is in.
pub(crate) trait Draining: Sync {
    /// Resolves once nothing is left.
    fn ended(&self) -> impl Future<Output = ()> + Send;

    /// What is left, in words; `None` where nothing is.
    fn left(&self) -> Option<String>;

    /// Ends what is left.
    fn cut(&self);
}

/// Waits for the end; dropped before it, cuts what is left.
pub(crate) async fn drain(what: &impl Draining, cx: Context) {
    let drain = Drain { what, cx };
    select(drain.what.ended(), drain.keep_telling()).await;
}

struct Drain<'a, D: Draining> {
    what: &'a D,
    cx: Context,
}

impl<D: Draining> Drain<'_, D> {
    async fn keep_telling(&self) {
        loop {
            self.tell();
            sleep_until(next(Instant::now(), self.cx.deadline())).await;
        }
    }

    /// Says what is left; `false` where nothing is.
    fn tell(&self) -> bool {
        let left = self.what.left();
        let is_left = left.is_some();
        if let Some(left) = left {
            self.cx.progress(left);
        }
        is_left
    }
}

impl<D: Draining> Drop for Drain<'_, D> {
    fn drop(&mut self) {
        // Told once more before anything is touched: this is the state at the limit.
        if self.tell() {
            self.what.cut();
        }
    }
}

fn next(now: Instant, limit: Instant) -> Instant {
    let last = limit.checked_sub(BEFORE_THE_LIMIT).unwrap_or(limit);
    let next = now + EVERY;
    if now < last { last.min(next) } else { next }
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
