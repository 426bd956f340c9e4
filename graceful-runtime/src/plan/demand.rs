//! What a step asks of the time that there is.

use super::tree::{Plan, Step};
use std::time::Duration;

/// What a step asks of the time that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeDemand {
    /// The most it may take, where it says so itself.
    pub(crate) limit: Option<Duration>,
    /// What it, or its own steps one after the other, declared.
    pub(crate) declared: Duration,
    /// Whether something in it declared nothing, and so lives on what is left over.
    pub(crate) is_open: bool,
}

/// Limits that take the place of those that are written.
pub(crate) trait Overrides: Send + Sync {
    /// A plan with them, which is going to be carried out.
    ///
    /// # Errors
    ///
    /// One line that says what does not fit.
    fn applied(&self, plan: &Plan) -> Result<Plan, String>;

    /// What the step of this path asks for, of a plan that they were applied to.
    fn of_step(&self, path: &str) -> Option<TimeDemand>;
}

impl TimeDemand {
    /// Of something that declared nothing.
    pub(crate) const OPEN: Self = Self {
        limit: None,
        declared: Duration::ZERO,
        is_open: true,
    };

    /// The same, but of no more than `whole`.
    pub(crate) fn within(self, whole: Duration) -> Self {
        Self {
            limit: self.limit.map(|limit| limit.min(whole)),
            declared: self.declared.min(whole),
            is_open: self.is_open,
        }
    }

    pub(crate) fn limited(limit: Duration) -> Self {
        Self {
            limit: Some(limit),
            declared: limit,
            is_open: false,
        }
    }
}

impl Plan {
    pub(crate) fn demand(&self) -> TimeDemand {
        match self.budget {
            Some(budget) => TimeDemand::limited(budget.duration()),
            None => TimeDemand {
                limit: None,
                declared: self.path.duration(),
                is_open: self.open,
            },
        }
    }
}

impl Step {
    pub(crate) fn demand(&self) -> TimeDemand {
        match self.timeout {
            Some(timeout) => TimeDemand::limited(timeout.duration()),
            None => self.plan.get().demand(),
        }
    }
}
