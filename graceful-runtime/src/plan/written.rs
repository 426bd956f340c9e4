//! Plans as the macros write them: each step in one call, and by plain numbers, which is what a constant pays for.

use super::budget;
use super::nanos::Nanos;
use super::tree::{Moments, Nested, Plan, Step};
use std::time::Duration;

/// The plan with a budget. That it [fits](super::assert_within) is proven beside it: a constant that does not hold would
/// be told of again wherever it is used.
pub const fn within(plan: Plan, budget: Duration) -> Plan {
    Plan {
        budget: Some(Nanos::of(budget)),
        ..plan
    }
}

/// A close without a limit.
pub const fn step(name: &'static str, order: u32) -> Step {
    Step {
        name,
        order: Some(order),
        after: &[],
        timeout: None,
        plan: Nested::Static(&Plan::LEAF),
        moments: Moments::IN_TURN,
    }
}

/// A close of so many nanoseconds at most.
pub const fn step_within(name: &'static str, order: u32, nanos: u64) -> Step {
    Step {
        name,
        order: Some(order),
        after: &[],
        timeout: Some(Nanos(nanos)),
        plan: Nested::Static(&Plan::LEAF),
        moments: Moments::IN_TURN,
    }
}

/// A close that has a plan of its own.
pub const fn nested(name: &'static str, order: u32, plan: &'static Plan) -> Step {
    Step {
        name,
        order: Some(order),
        after: &[],
        timeout: None,
        plan: Nested::Static(plan),
        moments: Moments::IN_TURN,
    }
}

/// A close of so many nanoseconds at most, which is to hold for its own plan.
#[track_caller]
pub const fn nested_within(
    name: &'static str,
    order: u32,
    nanos: u64,
    plan: &'static Plan,
) -> Step {
    // Looked at here: even the call that would do it is no small part of what a step costs.
    let takes = match plan.budget {
        Some(budget) => budget.0,
        None => plan.path.0,
    };
    if takes > nanos {
        budget::assert_step_within(name, plan, Nanos(nanos));
    }
    Step {
        name,
        order: Some(order),
        after: &[],
        timeout: Some(Nanos(nanos)),
        plan: Nested::Static(plan),
        moments: Moments::IN_TURN,
    }
}

impl Step {
    /// With an order of its own, or for none but those that it waits for.
    #[doc(hidden)]
    #[must_use]
    pub const fn only_after(self, steps: &'static [&'static str]) -> Self {
        Self {
            order: None,
            after: steps,
            ..self
        }
    }
}
