//! How long a step may take, so that those behind it get what they declared.

use std::time::Duration;

/// A step that declared nothing, where everything left is declared by others, is still begun.
const SMALLEST_SHARE: Duration = Duration::from_millis(50);

/// What the orders behind a step need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Later {
    declared: Duration,
    /// Orders with a step that declared no limit.
    undeclared: u32,
}

impl Later {
    pub(super) fn of_level(declared: impl Iterator<Item = Option<Duration>>) -> Self {
        declared.fold(Self::default(), |level, step| match step {
            Some(limit) => Self {
                declared: level.declared.max(limit),
                ..level
            },
            None => Self {
                undeclared: 1,
                ..level
            },
        })
    }

    pub(super) fn and(self, level: Self) -> Self {
        Self {
            declared: self.declared.saturating_add(level.declared),
            undeclared: self.undeclared + level.undeclared,
        }
    }
}

/// The longest that a step may take of `remaining`.
///
/// A declared limit holds, as long as the limits declared behind it hold too; where there is less
/// than all of them need (the budget was cut from outside), each gets its proportion. A step
/// without one shares what nobody declared with the others like it, so that none can take it all.
pub(super) fn limit(own: Option<Duration>, remaining: Duration, later: Later) -> Duration {
    let Some(own) = own else {
        let free = remaining.saturating_sub(later.declared);
        return (free / (1 + later.undeclared))
            .max(SMALLEST_SHARE)
            .min(remaining);
    };
    let needed = own.saturating_add(later.declared);
    if needed <= remaining {
        own
    } else {
        remaining.mul_f64(own.as_secs_f64() / needed.as_secs_f64())
    }
}

/// The longest that something without a limit may take of `remaining`, before what declared
/// `later` is carried out one after the other.
pub(crate) fn share_before(
    remaining: Duration,
    later: impl Iterator<Item = Option<Duration>>,
) -> Duration {
    let later = later.fold(Later::default(), |all, one| {
        all.and(Later::of_level(std::iter::once(one)))
    });
    limit(None, remaining, later)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const fn later(declared: u64, undeclared: u32) -> Later {
        Later {
            declared: s(declared),
            undeclared,
        }
    }

    #[test]
    fn a_declared_limit_holds_where_there_is_time() {
        assert_eq!(limit(Some(s(5)), s(25), later(10, 3)), s(5));
    }

    #[test]
    fn later_declared_limits_are_set_aside() {
        assert_eq!(limit(None, s(25), later(10, 0)), s(15));
    }

    #[test]
    fn steps_without_a_limit_share_what_is_free() {
        assert_eq!(limit(None, s(25), later(10, 2)), s(5));
    }

    #[test]
    fn a_budget_cut_from_outside_is_shared_in_proportion() {
        assert_eq!(limit(Some(s(10)), s(3), later(5, 0)), s(2));
    }

    #[test]
    fn a_step_is_begun_even_where_others_declared_everything() {
        assert_eq!(limit(None, s(5), later(5, 0)), SMALLEST_SHARE);
        assert_eq!(limit(None, Duration::ZERO, later(5, 0)), Duration::ZERO);
    }
}
