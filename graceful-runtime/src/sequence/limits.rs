//! How long a step may take, so that those behind it get what they declared. Pure.

use crate::context::StepClose;
use crate::plan::TimeDemand;
use std::time::Duration;
use tokio::time::Instant;

/// A step that declared nothing, where everything left is declared by others, is still begun; of little
/// time it takes no more than its part, so that those behind it are begun too.
const SMALLEST_SHARE: Duration = Duration::from_millis(50);

/// A thread of a busy machine may be this late: no reason not to begin a step that has less time of its own.
const BEGINS_WITHIN: Duration = Duration::from_millis(100);

/// How late tokio's timers may be.
const TIMER_RESOLUTION: Duration = Duration::from_millis(1);

/// What a step has to leave for those behind it: of all paths through them the longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reserved {
    declared: Duration,
    /// Steps one after the other that live on what is left over.
    open: u32,
}

impl Reserved {
    fn and(self, demand: TimeDemand) -> Self {
        Self {
            declared: self.declared.saturating_add(demand.declared),
            open: self.open + u32::from(demand.is_open),
        }
    }

    fn or_longer(self, other: Self) -> Self {
        Self {
            declared: self.declared.max(other.declared),
            open: self.open.max(other.open),
        }
    }
}

/// The time of one step.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    demand: TimeDemand,
    reserved: Reserved,
    deadline: Instant,
}

impl Budget {
    /// The limit of the step, where it begins `now`.
    pub(super) fn limit_from(&self, now: Instant) -> Instant {
        let remaining = self.deadline.saturating_duration_since(now);
        now + limit(self.demand, remaining, self.reserved)
    }

    /// When the step, whose turn is `now`, is left out where it has not begun.
    pub(super) fn begins_by(&self, now: Instant) -> Instant {
        let late = (now + BEGINS_WITHIN).min(self.deadline);
        self.limit_from(now).max(late)
    }
}

/// The budgets of steps that have the time from `now` to `deadline` together: each stands behind those that it waits for.
pub(super) fn budgets(steps: &[StepClose], now: Instant, deadline: Instant) -> Vec<Budget> {
    // Who declares more than there is must not crowd out those who declare what they need.
    let whole = deadline.saturating_duration_since(now);
    let mut budgets: Vec<_> = steps
        .iter()
        .map(|step| Budget {
            demand: step.demand.within(whole),
            reserved: Reserved::default(),
            deadline,
        })
        .collect();
    let mut order = None;
    // What the higher orders need, and what they and this one do.
    let (mut higher, mut so_far) = (Reserved::default(), Reserved::default());
    for (place, step) in steps.iter().enumerate().rev() {
        let budget = &mut budgets[place];
        if step.order.is_some() {
            if step.order != order {
                order = step.order;
                higher = so_far;
            }
            budget.reserved = budget.reserved.or_longer(higher);
        }
        let from_here = budget.reserved.and(budget.demand);
        if step.order.is_some() {
            so_far = so_far.or_longer(from_here);
        }
        for &before in &step.after {
            let before = &mut budgets[before].reserved;
            *before = before.or_longer(from_here);
        }
    }
    budgets
}

/// The longest that a step may take of `remaining`.
///
/// A declared limit holds, as long as the limits declared behind it hold too; where there is less
/// than all of them need (the budget was cut from outside), each gets its proportion. What nobody
/// declared is shared by the steps without a limit, so that none of them can take it all.
fn limit(demand: TimeDemand, remaining: Duration, reserved: Reserved) -> Duration {
    let declared = demand.declared.saturating_add(reserved.declared);
    let limit = match remaining.checked_sub(declared) {
        Some(free) => match demand.limit {
            Some(limit) => return limit,
            None => demand.declared + share(free, reserved.open),
        },
        None => remaining.mul_f64(demand.declared.div_duration_f64(declared)),
    };
    let most = demand.limit.unwrap_or(remaining).min(remaining);
    let smallest = SMALLEST_SHARE.min(share(remaining, 1 + reserved.open));
    limit.max(smallest).min(most)
}

/// One's own part of what is shared with so many others. Of many short parts none may be late, or the last
/// ones had nothing left.
fn share(free: Duration, others: u32) -> Duration {
    let share = free / (1 + others);
    if share < 10 * TIMER_RESOLUTION {
        share.saturating_sub(TIMER_RESOLUTION)
    } else {
        share
    }
}

/// The longest that something without a limit may take of `remaining`, before the `later` ones are
/// carried out one after the other.
pub(crate) fn share_before(
    remaining: Duration,
    later: impl Iterator<Item = TimeDemand>,
) -> Duration {
    let later = later.fold(Reserved::default(), Reserved::and);
    limit(TimeDemand::OPEN, remaining, later)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const fn reserve(declared: u64, open: u32) -> Reserved {
        Reserved {
            declared: s(declared),
            open,
        }
    }

    #[test]
    fn a_declared_limit_holds_where_there_is_time() {
        assert_eq!(
            limit(TimeDemand::limited(s(5)), s(25), reserve(10, 3)),
            s(5)
        );
    }

    #[test]
    fn later_declared_limits_are_set_aside() {
        assert_eq!(limit(TimeDemand::OPEN, s(25), reserve(10, 0)), s(15));
    }

    #[test]
    fn steps_without_a_limit_share_what_is_free() {
        assert_eq!(limit(TimeDemand::OPEN, s(25), reserve(10, 2)), s(5));
    }

    #[test]
    fn a_struct_that_declares_a_part_gets_that_and_its_share() {
        let demand = TimeDemand {
            limit: None,
            declared: s(4),
            is_open: true,
        };
        assert_eq!(limit(demand, s(20), reserve(6, 1)), s(9));
    }

    #[test]
    fn a_budget_cut_from_outside_is_shared_in_proportion() {
        assert_eq!(limit(TimeDemand::limited(s(10)), s(3), reserve(5, 0)), s(2));
    }

    #[test]
    fn a_cut_lengthens_no_limit() {
        let short = Duration::from_millis(20);
        assert_eq!(
            limit(TimeDemand::limited(short), s(3), reserve(5, 0)),
            short
        );
    }

    #[test]
    fn of_little_time_nobody_takes_all() {
        let little = Duration::from_millis(40);
        assert_eq!(limit(TimeDemand::OPEN, little, reserve(0, 1)), little / 2);
        assert_eq!(limit(TimeDemand::OPEN, little, reserve(5, 0)), little / 2);
        assert_eq!(
            limit(TimeDemand::limited(s(1)), little, reserve(9, 0)),
            little / 2
        );
    }

    #[test]
    fn a_step_is_begun_even_where_others_declared_everything() {
        assert_eq!(limit(TimeDemand::OPEN, s(5), reserve(5, 0)), SMALLEST_SHARE);
        assert_eq!(
            limit(TimeDemand::OPEN, Duration::ZERO, reserve(5, 0)),
            Duration::ZERO
        );
    }
}
