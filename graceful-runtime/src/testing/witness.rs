//! Whether the machine stood still: a virtual machine that is paused, a host without memory. A program that was not run
//! for seconds ends seconds late, and that says nothing of the program.

use crate::lock::Lock;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often the witness looks at the clock.
const TURN: Duration = Duration::from_millis(10);

/// Who sleeps is run at once when it wakes, or a little later on a busy machine. So much later, and nobody is.
const STILL: Duration = Duration::from_millis(100);

/// A thread that only sleeps, and knows when it was not woken. One for the whole test program, which it ends with.
pub(super) struct Witness {
    // A mutex: taken where the machine has stood still, and once for each run.
    gaps: Lock<Vec<(Instant, Instant)>>,
}

impl Witness {
    /// Watches from its first call on.
    pub(super) fn get() -> &'static Self {
        static WITNESS: OnceLock<&'static Witness> = OnceLock::new();

        WITNESS.get_or_init(|| {
            let witness: &'static Self = Box::leak(Box::new(Self {
                gaps: Lock::new(Vec::new()),
            }));
            // Without a thread nothing is seen, and nothing is forgiven.
            let _ = std::thread::Builder::new()
                .name("graceful-witness".to_owned())
                .spawn(|| witness.watch());
            witness
        })
    }

    fn watch(&self) -> ! {
        loop {
            let due = Instant::now() + TURN;
            sleep(TURN);
            let now = Instant::now();
            if now > due + STILL {
                self.gaps.lock().push((due, now));
            }
        }
    }

    /// How long the machine has stood still between these two moments.
    pub(super) fn stood_still(&self, from: Instant, to: Instant) -> Duration {
        // It may wake a moment later than who asks.
        sleep(TURN);
        let gaps = self.gaps.lock();
        let within = |&(began, ended): &(Instant, Instant)| {
            ended.min(to).saturating_duration_since(began.max(from))
        };
        gaps.iter().map(within).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_counts_as_far_as_it_lies_within() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let witness = Witness {
            gaps: Lock::new(vec![(at(1), at(3)), (at(5), at(6))]),
        };
        let still = |from, to| witness.stood_still(at(from), at(to)).as_secs();
        assert_eq!(still(0, 10), 3);
        assert_eq!(still(2, 5), 1);
        assert_eq!(still(3, 5), 0);
        assert_eq!(still(6, 10), 0);
    }
}
