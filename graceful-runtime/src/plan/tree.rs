//! A plan and its steps, each of which may have a plan of its own: what stands in it, and nothing of what follows from it.

use super::nanos::Nanos;
use std::time::Duration;

/// How what is done at the request is called, behind its field.
pub(crate) const AT_REQUEST: &str = ".at_request";

/// What closing a value will do, as data known at compile time.
///
/// `#[derive(Shutdown)]` writes one for each type; [`Shutdown::PLAN`](crate::Shutdown::PLAN) holds it.
/// Printed with `{}` it is a table, [`mermaid`](Plan::mermaid) gives a diagram.
///
/// ```
/// use graceful::{Plan, Step};
/// use std::time::Duration;
///
/// const PLAN: Plan = Plan::new("App", &[
///     Step::new("http").order(0).timeout(Duration::from_secs(10)),
///     Step::new("db").order(1).timeout(Duration::from_secs(2)),
/// ])
/// .budget(Duration::from_secs(15));
///
/// assert_eq!(PLAN.critical_path(), Duration::from_secs(12));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) name: &'static str,
    pub(super) budget: Option<Nanos>,
    /// Its critical path, known from the moment that it is made: a plan that nests it need not go into it again.
    pub(super) path: Nanos,
    /// Whether something in it declared nothing.
    pub(super) open: bool,
    pub(super) shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Leaf,
    Steps(&'static [Step]),
    Variants(&'static [Plan]),
}

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
    /// A plan that stands elsewhere. The macros write it so: it costs the compiler a fifth of a copy.
    Static(&'static Plan),
    /// The plan itself, which a builder is given.
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

impl Plan {
    /// The plan of a type that closes in one go: no steps of its own.
    pub const LEAF: Self = Self {
        name: "",
        budget: None,
        path: Nanos::ZERO,
        open: true,
        shape: Shape::Leaf,
    };

    /// The name of the type.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The steps, each behind those that it waits for; none for a type that closes in one go, and for an enum.
    pub const fn steps(&self) -> &'static [Step] {
        match self.shape {
            Shape::Steps(steps) => steps,
            Shape::Leaf | Shape::Variants(_) => &[],
        }
    }

    /// The plan of an enum's variant, in the order of their declaration.
    ///
    /// # Panics
    ///
    /// If there is no such variant.
    #[must_use]
    #[track_caller]
    pub const fn variant(&self, index: usize) -> Self {
        match self.shape {
            Shape::Variants(variants) => variants[index],
            Shape::Leaf | Shape::Steps(_) => panic!("only the plan of an enum has variants"),
        }
    }

    /// The plans of an enum's variants; of any other type its own alone.
    pub(crate) fn alternatives(&self) -> &[Self] {
        match self.shape {
            Shape::Variants(variants) => variants,
            Shape::Leaf | Shape::Steps(_) => std::slice::from_ref(self),
        }
    }

    /// The longest that the declared timeouts add up to, along any path through the steps: of each
    /// order the slowest, one after the other, and each step after those that it names. A step without
    /// a timeout of its own counts as long as its own plan does.
    #[must_use]
    pub const fn critical_path(&self) -> Duration {
        self.path.duration()
    }

    /// The most that carrying out this plan is to take, where anything says so: its budget, else
    /// its critical path, else nothing.
    #[must_use]
    pub const fn declared(&self) -> Option<Duration> {
        match self.takes() {
            Nanos::ZERO if self.budget.is_none() => None,
            takes => Some(takes.duration()),
        }
    }

    /// The same, as what it counts for in a sum.
    pub(super) const fn takes(&self) -> Nanos {
        match self.budget {
            Some(budget) => budget,
            None => self.path,
        }
    }

    /// Whether some step of it, or of the plans in it, is a [last word](Step::last).
    pub(crate) const fn has_last_words(&self) -> bool {
        match self.shape {
            Shape::Leaf => false,
            Shape::Steps(steps) => {
                let mut i = 0;
                while i < steps.len() {
                    if steps[i].is_last() || steps[i].plan.get().has_last_words() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            Shape::Variants(variants) => {
                let mut i = 0;
                while i < variants.len() {
                    if variants[i].has_last_words() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
        }
    }

    /// Whether something is to happen at another moment than that of a close, for a step of it or of the plans in it.
    pub(crate) fn has_moments(&self) -> bool {
        let mut steps = self.alternatives().iter().flat_map(Self::steps);
        steps.any(|step| step.is_last() || step.acts_at_request() || step.plan.get().has_moments())
    }
}

impl Step {
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

    /// Whether it is closed by force where it does not end near its limit: `#[shutdown(force = …)]`.
    pub const fn is_forced(&self) -> bool {
        self.moments.is_forced
    }

    /// Whether something is done with it when the stop begins, beside its close: `#[shutdown(at_request = …)]`.
    pub(crate) const fn acts_at_request(&self) -> bool {
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
}
