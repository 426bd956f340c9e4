//! How long a step may take, so that those behind it get what they declared.

use super::Pending;
use crate::plan::Need;
use std::time::Duration;

/// A step that declared nothing, where everything left is declared by others, is still begun; of little
/// time it takes no more than half, so that those behind it are begun too.
const SMALLEST_SHARE: Duration = Duration::from_millis(50);

/// What a step has to leave for those behind it: of all paths through them the longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Later {
    declared: Duration,
    /// Steps one after the other that live on what is left over.
    open: u32,
}

impl Later {
    #[inline]
    fn and(self, need: Need) -> Self {
        Self {
            declared: self.declared.saturating_add(need.declared),
            open: self.open + u32::from(need.open),
        }
    }

    #[inline]
    fn or_longer(self, other: Self) -> Self {
        Self {
            declared: self.declared.max(other.declared),
            open: self.open.max(other.open),
        }
    }
}

/// What each step has to leave, in their order: each stands behind those that it waits for.
#[inline]
pub(super) fn behind(steps: &[Pending]) -> Vec<Later> {
    let mut behind = vec![Later::default(); steps.len()];
    let mut order = None;
    // What the higher orders need, and what they and this one do.
    let (mut higher, mut so_far) = (Later::default(), Later::default());
    for (place, step) in steps.iter().enumerate().rev() {
        if step.order.is_some() {
            if step.order != order {
                order = step.order;
                higher = so_far;
            }
            behind[place] = behind[place].or_longer(higher);
        }
        let from_here = behind[place].and(step.need);
        if step.order.is_some() {
            so_far = so_far.or_longer(from_here);
        }
        for &before in &step.after {
            behind[before] = behind[before].or_longer(from_here);
        }
    }
    behind
}

/// The longest that a step may take of `remaining`.
///
/// A declared limit holds, as long as the limits declared behind it hold too; where there is less
/// than all of them need (the budget was cut from outside), each gets its proportion. What nobody
/// declared is shared by the steps without a limit, so that none of them can take it all.
pub(super) fn limit(need: Need, remaining: Duration, later: Later) -> Duration {
    let declared = need.declared.saturating_add(later.declared);
    let limit = match remaining.checked_sub(declared) {
        Some(free) => match need.limit {
            Some(limit) => return limit,
            None => need.declared + free / (1 + later.open),
        },
        None => share(remaining, need.declared, declared),
    };
    let most = need.limit.unwrap_or(remaining).min(remaining);
    limit.max(SMALLEST_SHARE.min(remaining / 2)).min(most)
}

/// As much of `remaining` as `part` is of `whole`: to a nanosecond or so, and not by `Duration::mul_f64`,
/// which is half a kilobyte of checks.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no time is negative, and a cast of what is too long gives the longest"
)]
fn share(remaining: Duration, part: Duration, whole: Duration) -> Duration {
    let nanos = remaining.as_secs_f64() * 1e9 * part.as_secs_f64() / whole.as_secs_f64();
    Duration::from_nanos(nanos as u64)
}

/// The longest that something without a limit may take of `remaining`, before the `later` ones are
/// carried out one after the other.
#[inline]
pub(crate) fn share_before(remaining: Duration, later: impl Iterator<Item = Need>) -> Duration {
    let later = later.fold(Later::default(), Later::and);
    limit(Need::OPEN, remaining, later)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const fn later(declared: u64, open: u32) -> Later {
        Later {
            declared: s(declared),
            open,
        }
    }

    #[test]
    fn a_declared_limit_holds_where_there_is_time() {
        assert_eq!(limit(Need::limited(s(5)), s(25), later(10, 3)), s(5));
    }

    #[test]
    fn later_declared_limits_are_set_aside() {
        assert_eq!(limit(Need::OPEN, s(25), later(10, 0)), s(15));
    }

    #[test]
    fn steps_without_a_limit_share_what_is_free() {
        assert_eq!(limit(Need::OPEN, s(25), later(10, 2)), s(5));
    }

    #[test]
    fn a_struct_that_declares_a_part_gets_that_and_its_share() {
        let need = Need {
            limit: None,
            declared: s(4),
            open: true,
        };
        assert_eq!(limit(need, s(20), later(6, 1)), s(9));
    }

    #[test]
    fn a_budget_cut_from_outside_is_shared_in_proportion() {
        assert_eq!(limit(Need::limited(s(10)), s(3), later(5, 0)), s(2));
    }

    #[test]
    fn a_cut_lengthens_no_limit() {
        let short = Duration::from_millis(20);
        assert_eq!(limit(Need::limited(short), s(3), later(5, 0)), short);
    }

    #[test]
    fn of_little_time_nobody_takes_all() {
        let little = Duration::from_millis(40);
        assert_eq!(limit(Need::OPEN, little, later(0, 1)), little / 2);
        assert_eq!(limit(Need::OPEN, little, later(5, 0)), little / 2);
        assert_eq!(limit(Need::limited(s(1)), little, later(9, 0)), little / 2);
    }

    #[test]
    fn a_step_is_begun_even_where_others_declared_everything() {
        assert_eq!(limit(Need::OPEN, s(5), later(5, 0)), SMALLEST_SHARE);
        assert_eq!(
            limit(Need::OPEN, Duration::ZERO, later(5, 0)),
            Duration::ZERO
        );
    }
}
