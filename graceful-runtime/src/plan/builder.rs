//! Plans as they are written by hand.

use super::nanos::Nanos;
use super::tree::{Moments, Nested, Plan, Shape, Step};
use super::written::within;
use super::{budget, path};
use std::time::Duration;

impl Plan {
    /// A plan of `steps`: lower orders first, equal orders at the same time, and each after those
    /// that it [names](Step::after).
    ///
    /// # Panics
    ///
    /// At compile time, where the plan is a constant: if the steps are not sorted by their order, with the
    /// [last words](Step::last) behind all others, if one does not stand behind those that it waits for, if one waits by name for another of its own
    /// order, and if there are more than 1024 of which one waits for another by name.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, steps: &'static [Step]) -> Self {
        let sum = path::of_steps(steps);
        Self {
            name,
            budget: None,
            path: sum.path,
            open: sum.open,
            shape: Shape::Steps(steps),
        }
    }

    /// The plan of an enum: one of `variants` will be carried out.
    #[must_use]
    pub const fn variants(name: &'static str, variants: &'static [Plan]) -> Self {
        let sum = path::of_variants(variants);
        Self {
            name,
            budget: None,
            path: sum.path,
            open: sum.open,
            shape: Shape::Variants(variants),
        }
    }

    /// Sets the longest that the whole plan may take. More than 584 years count as that.
    ///
    /// # Panics
    ///
    /// If the [critical path](Plan::critical_path) is longer, with both numbers and the path that
    /// leads to them: a compile error, where the plan is a constant.
    #[must_use]
    #[track_caller]
    pub const fn budget(self, budget: Duration) -> Self {
        let plan = within(self, budget);
        budget::assert_within(&plan);
        plan
    }
}

impl Step {
    /// A step of order 0, without a limit of its own.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            order: None,
            after: &[],
            timeout: None,
            plan: Nested::Static(&Plan::LEAF),
            moments: Moments::IN_TURN,
        }
    }

    /// Lower orders are closed first, equal ones at the same time.
    #[must_use]
    pub const fn order(self, order: u32) -> Self {
        Self {
            order: Some(order),
            ..self
        }
    }

    /// The steps that have to end before this one begins, by their names: it begins as soon as they have.
    ///
    /// A step that says this and no [`order`](Step::order) has none: it waits for these steps alone,
    /// and no order waits for it. With an order it waits for the lower ones too.
    ///
    /// ```
    /// use graceful::{Plan, Step};
    /// use std::time::Duration;
    ///
    /// const PLAN: Plan = Plan::new("App", &[
    ///     Step::new("http").timeout(Duration::from_secs(10)),
    ///     Step::new("mail").timeout(Duration::from_secs(1)),
    ///     Step::new("outbox").after(&["mail"]).timeout(Duration::from_secs(2)),
    ///     Step::new("db").after(&["http", "outbox"]).timeout(Duration::from_secs(3)),
    /// ]);
    ///
    /// assert_eq!(PLAN.critical_path(), Duration::from_secs(13));
    /// ```
    #[must_use]
    pub const fn after(self, steps: &'static [&'static str]) -> Self {
        Self {
            after: steps,
            ..self
        }
    }

    /// A last word: closed after all other steps of the whole state, when the report has been said. It has no order,
    /// stands behind all others of its plan, and is no part of the [path](Plan::critical_path): the last words
    /// have a time of their own, [together](crate::Builder::last_words).
    ///
    /// ```
    /// use graceful::{Plan, Step};
    /// use std::time::Duration;
    ///
    /// const PLAN: Plan = Plan::new("App", &[
    ///     Step::new("http").timeout(Duration::from_secs(10)),
    ///     Step::new("logs").last(),
    /// ]);
    ///
    /// assert!(PLAN.steps()[1].is_last());
    /// assert_eq!(PLAN.critical_path(), Duration::from_secs(10));
    /// ```
    #[must_use]
    pub const fn last(self) -> Self {
        Self {
            order: None,
            moments: Moments {
                is_last: true,
                ..self.moments
            },
            ..self
        }
    }

    /// The longest that the step may take; then it is left behind, and the next one begins. More than
    /// 584 years count as that.
    ///
    /// # Panics
    ///
    /// If the step's own [plan](Step::plan) is longer: a compile error, where it is a constant.
    #[must_use]
    #[track_caller]
    pub const fn timeout(self, timeout: Duration) -> Self {
        let timeout = Nanos::of(timeout);
        budget::assert_step_within(self.name, self.plan.get(), timeout);
        Self {
            timeout: Some(timeout),
            ..self
        }
    }

    /// What the step does in turn.
    ///
    /// # Panics
    ///
    /// If the plan is longer than the step's timeout: a compile error, where it is a constant.
    #[must_use]
    #[track_caller]
    pub const fn plan(self, plan: Plan) -> Self {
        if let Some(timeout) = self.timeout {
            budget::assert_step_within(self.name, &plan, timeout);
        }
        Self {
            plan: Nested::Copy(plan),
            ..self
        }
    }

    /// Something is done with it at the request.
    #[doc(hidden)]
    #[must_use]
    pub const fn at_request(self) -> Self {
        Self {
            moments: Moments {
                acts_at_request: true,
                ..self.moments
            },
            ..self
        }
    }

    /// It is forced where it does not end.
    #[doc(hidden)]
    #[must_use]
    pub const fn force(self) -> Self {
        Self {
            moments: Moments {
                is_forced: true,
                ..self.moments
            },
            ..self
        }
    }
}
