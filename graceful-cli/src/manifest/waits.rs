//! How long the platform has to wait.

use crate::plan::{Facts, whole_seconds, written};
use std::time::Duration;

/// What is left to the kernel, the kubelet and a forced exit, where the program does not say how long the platform waits.
const MARGIN: Duration = Duration::from_secs(5);

/// How long it takes at least until nobody sends any more, once a pod is to go.
const ROUTING: Duration = Duration::from_secs(5);

/// How long the platform has to wait, and what it does before the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) pre_stop: Duration,
    pub(super) timeout: Duration,
    pub(super) grace: Duration,
    /// Whether the program says itself how long the platform waits.
    is_given: bool,
}

impl Waits {
    /// On a platform with a hook before the signal: it stands in for a delay that the program has not.
    pub(super) fn with_hook(facts: &Facts) -> Self {
        let routing = if facts.delay.is_zero() && facts.grace.is_none() {
            ROUTING
        } else {
            Duration::ZERO
        };
        Self::of(facts, facts.pre_stop.unwrap_or(routing))
    }

    /// On a platform without one.
    pub(super) fn without_hook(facts: &Facts) -> Self {
        Self::of(facts, Duration::ZERO)
    }

    fn of(facts: &Facts, pre_stop: Duration) -> Self {
        let up = |duration| Duration::from_secs(whole_seconds(duration));
        let needed = up(pre_stop.saturating_add(facts.timeout));
        Self {
            pre_stop,
            timeout: facts.timeout,
            grace: facts.grace.map_or(needed.saturating_add(MARGIN), up),
            is_given: facts.grace.is_some(),
        }
    }

    /// How the grace period comes about.
    pub(super) fn sum(&self) -> String {
        let timeout = written(self.timeout);
        let mut sum = if self.pre_stop.is_zero() {
            format!("The stop takes {timeout} at most")
        } else {
            let before = written(self.pre_stop);
            format!("{before} before the signal, then {timeout} at most for the stop")
        };
        if self.is_given {
            sum.push_str("; the program expects this");
        } else {
            sum = format!("{sum}; {} are left over", written(MARGIN));
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(timeout: u64, delay: u64) -> Facts {
        Facts {
            timeout: Duration::from_secs(timeout),
            delay: Duration::from_secs(delay),
            ..Facts::default()
        }
    }

    #[test]
    fn a_hook_stands_in_for_a_delay_that_the_program_has_not() {
        let seconds = |waits: Waits| (waits.pre_stop.as_secs(), waits.grace.as_secs());
        assert_eq!(seconds(Waits::with_hook(&facts(25, 0))), (5, 35));
        assert_eq!(seconds(Waits::with_hook(&facts(25, 5))), (0, 30));
        assert_eq!(seconds(Waits::without_hook(&facts(25, 0))), (0, 30));
    }

    #[test]
    fn what_the_program_says_of_the_platform_counts() {
        let facts = Facts {
            grace: Some(Duration::from_secs(40)),
            pre_stop: Some(Duration::from_secs(10)),
            ..facts(30, 0)
        };
        let waits = Waits::with_hook(&facts);
        assert_eq!((waits.pre_stop.as_secs(), waits.grace.as_secs()), (10, 40));
    }

    #[test]
    fn a_part_of_a_second_is_a_whole_one() {
        let facts = Facts {
            timeout: Duration::from_millis(1500),
            ..facts(0, 1)
        };
        assert_eq!(Waits::with_hook(&facts).grace, Duration::from_secs(7));
    }
}
