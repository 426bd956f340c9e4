//! One close of a plan.

use super::nanos::Nanos;
use super::{Plan, budget, path};
use std::time::Duration;

/// One close of a [`Plan`]: a name, what it waits for, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub(super) name: &'static str,
    pub(super) order: Option<u32>,
    pub(super) after: &'static [&'static str],
    pub(super) timeout: Option<Nanos>,
    pub(super) plan: Nested,
    pub(super) moments: Moments,
}

/// When it is carried out, beside or instead of its place among the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moments {
    /// Instead: after everything else has been said.
    pub(super) is_last: bool,
    /// Beside: something is done with it at the request.
    pub(super) acts_at_request: bool,
    /// Beside: it is forced where it does not end.
    pub(super) is_forced: bool,
}

impl Moments {
    /// In its place alone.
    pub(super) const IN_TURN: Self = Self {
        is_last: false,
        acts_at_request: false,
        is_forced: false,
    };
}

/// What a step does in turn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nested {
    /// Elsewhere: what the macros write, and a fifth of what a copy costs the compiler.
    Static(&'static Plan),
    /// Of a builder, which is given the plan itself.
    Copy(Plan),
}

impl PartialEq for Nested {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Nested {}

impl Nested {
    pub(super) const fn get(&self) -> &Plan {
        match self {
            Self::Static(plan) => plan,
            Self::Copy(plan) => plan,
        }
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
    /// assert!(PLAN.has_last_words());
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

    /// The field's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The step's place (getters are called `get_…` where the builder has the plain name, as those of
    /// [`std::process::Command`]): lower first, equal at the same time. None where it waits for
    /// [others](Step::get_after) alone, and for a [last word](Step::last).
    pub const fn get_order(&self) -> Option<u32> {
        match self.order {
            None if self.after.is_empty() && !self.is_last() => Some(0),
            order => order,
        }
    }

    /// The names of the steps that have to end before it begins, beside those of lower orders.
    pub const fn get_after(&self) -> &'static [&'static str] {
        self.after
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

    /// Whether it is closed by force where it does not end near its limit: `#[shutdown(force = …)]`.
    pub const fn is_forced(&self) -> bool {
        self.moments.is_forced
    }

    /// Whether something is done with it when the stop begins, beside its close: `#[shutdown(at_request = …)]`.
    pub const fn acts_at_request(&self) -> bool {
        self.moments.acts_at_request
    }

    /// Whether it is a [last word](Step::last).
    pub const fn is_last(&self) -> bool {
        self.moments.is_last
    }

    /// What the step does in turn; a leaf where it is one close.
    pub const fn get_plan(&self) -> Plan {
        *self.plan.get()
    }

    /// The longest that the step may take, where it or its own plan says so.
    #[must_use]
    pub const fn declared(&self) -> Option<Duration> {
        match self.timeout {
            Some(timeout) => Some(timeout.duration()),
            None => self.plan.get().declared(),
        }
    }

    /// Where in its plan those are that it waits for by name; `at` is its own place.
    pub(crate) fn waits_for(&self, steps: &[Step], at: usize) -> Vec<usize> {
        let mut places = Vec::with_capacity(self.after.len());
        for name in self.after {
            // The plan has proven that they are there.
            if let Some(place) = path::position(steps, at, name) {
                places.push(place);
            }
        }
        places
    }
}
