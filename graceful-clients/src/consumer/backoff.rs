//! How long a message waits for its next attempt.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How long a message that could not be processed waits for its next attempt: twice as long each time, up to a
/// most, and each time by chance between half of that and all of it, so that what failed together does not come back
/// together.
///
/// The default begins with 100 ms and ends with 30 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    most: Duration,
}

impl Backoff {
    /// From `first` up to `most`.
    #[must_use]
    pub const fn new(first: Duration, most: Duration) -> Self {
        Self { first, most }
    }

    /// The pause after so many attempts (1 after the first).
    pub(super) fn after(self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let whole = self.first.saturating_mul(1 << doublings).min(self.most);
        // What std seeds its maps with is random enough to keep two services apart.
        let [chance, ..] = RandomState::new().hash_one(attempts).to_ne_bytes();
        let half = whole / 2;
        half + half.mul_f64(f64::from(chance) / f64::from(u8::MAX))
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_millis(100), Duration::from_secs(30))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_the_most_and_is_never_less_than_half() {
        let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        for (attempts, whole) in [(1, 100), (2, 200), (4, 800), (5, 1000), (u32::MAX, 1000)] {
            let whole = Duration::from_millis(whole);
            let pause = backoff.after(attempts);
            assert!(
                pause >= whole / 2 && pause <= whole,
                "{pause:?} of {whole:?}"
            );
        }
    }

    #[test]
    fn it_is_not_always_the_same() {
        let backoff = Backoff::default();
        let pauses: Vec<_> = (0..8).map(|_| backoff.after(3)).collect();
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
    }
}
