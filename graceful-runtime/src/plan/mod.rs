//! What will happen: names, orders and limits of the closes, known at compile time.

mod budget;
mod display;
mod need;

use std::time::Duration;

pub use display::Mermaid;
pub(crate) use need::Need;

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
    name: &'static str,
    budget: Option<Duration>,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Leaf,
    Steps(&'static [Step]),
    Variants(&'static [Plan]),
}

/// One close of a [`Plan`]: a name, an order, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    name: &'static str,
    order: u32,
    timeout: Option<Duration>,
    plan: Plan,
}

impl Plan {
    /// The plan of a type that closes in one go: no steps of its own.
    pub const LEAF: Self = Self {
        name: "",
        budget: None,
        shape: Shape::Leaf,
    };

    /// A plan of `steps`, lower orders first, equal orders at the same time.
    ///
    /// # Panics
    ///
    /// If the steps are not sorted by their order: at compile time, where the plan is a constant.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, steps: &'static [Step]) -> Self {
        let mut i = 1;
        while i < steps.len() {
            assert!(
                steps[i - 1].order <= steps[i].order,
                "the steps of a plan must be sorted by their order"
            );
            i += 1;
        }
        Self {
            name,
            budget: None,
            shape: Shape::Steps(steps),
        }
    }

    /// The plan of an enum: one of `variants` will be carried out.
    #[must_use]
    pub const fn variants(name: &'static str, variants: &'static [Plan]) -> Self {
        Self {
            name,
            budget: None,
            shape: Shape::Variants(variants),
        }
    }

    /// Sets the longest that the whole plan may take.
    ///
    /// # Panics
    ///
    /// If the [critical path](Plan::critical_path) is longer, with both numbers and the path that
    /// leads to them: a compile error, where the plan is a constant.
    #[must_use]
    #[track_caller]
    pub const fn budget(self, budget: Duration) -> Self {
        budget::assert_within(&self, budget);
        Self {
            budget: Some(budget),
            ..self
        }
    }

    /// The name of the type.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The steps, sorted by their order; none for a type that closes in one go, and for an enum.
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

    /// The longest that the declared timeouts add up to: of each order the slowest step, one after
    /// the other. A step without a timeout of its own counts as long as its own plan does.
    #[must_use]
    pub const fn critical_path(&self) -> Duration {
        match self.shape {
            Shape::Leaf => Duration::ZERO,
            Shape::Variants(variants) => {
                let mut longest = Duration::ZERO;
                let mut i = 0;
                while i < variants.len() {
                    longest = budget::longer(longest, variants[i].critical_path());
                    i += 1;
                }
                longest
            }
            Shape::Steps(steps) => {
                let mut total = Duration::ZERO;
                let mut at = 0;
                while at < steps.len() {
                    let (slowest, next) = budget::slowest_of_order(steps, at);
                    total = total.saturating_add(slowest);
                    at = next;
                }
                total
            }
        }
    }

    /// The most that carrying out this plan is to take, where anything says so: its budget, else
    /// its critical path, else nothing.
    #[must_use]
    pub const fn declared(&self) -> Option<Duration> {
        if self.budget.is_some() {
            return self.budget;
        }
        let path = self.critical_path();
        if path.is_zero() { None } else { Some(path) }
    }

    /// A diagram of the plan for Markdown that renders [Mermaid](https://mermaid.js.org).
    #[must_use]
    pub const fn mermaid(self) -> Mermaid {
        Mermaid(self)
    }

    /// Proves that this plan, the state's that `main` returns, fits into `main`'s own options.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_fits(&self, timeout: Duration, delay: Duration) {
        budget::assert_fits(self, timeout, delay);
    }
}

impl Step {
    /// A step of order 0, without a limit of its own.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            order: 0,
            timeout: None,
            plan: Plan::LEAF,
        }
    }

    /// Lower orders are closed first, equal ones at the same time.
    #[must_use]
    pub const fn order(self, order: u32) -> Self {
        Self { order, ..self }
    }

    /// The longest that the step may take; then it is left behind, and the next one begins.
    #[must_use]
    pub const fn timeout(self, timeout: Duration) -> Self {
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
        Self { plan, ..self }
    }

    /// The field's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The step's place: lower first, equal at the same time.
    pub const fn get_order(&self) -> u32 {
        self.order
    }

    /// What the step does in turn; a leaf where it is one close.
    pub const fn get_plan(&self) -> Plan {
        self.plan
    }

    /// The longest that the step may take, where it or its own plan says so.
    #[must_use]
    pub const fn declared(&self) -> Option<Duration> {
        match self.timeout {
            Some(timeout) => Some(timeout),
            None => self.plan.declared(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const INNER: Plan = Plan::new(
        "Inner",
        &[
            Step::new("a").order(0).timeout(SECOND),
            Step::new("b").order(1).timeout(SECOND),
        ],
    );

    #[test]
    fn critical_path_takes_the_slowest_of_each_order() {
        const PLAN: Plan = Plan::new(
            "App",
            &[
                Step::new("http").order(0).timeout(Duration::from_secs(10)),
                Step::new("nats").order(1).timeout(Duration::from_secs(3)),
                Step::new("kafka").order(1).timeout(Duration::from_secs(4)),
                Step::new("inner").order(2).plan(INNER),
                Step::new("quick").order(3),
            ],
        );
        assert_eq!(PLAN.critical_path(), Duration::from_secs(16));
    }

    #[test]
    fn an_enum_is_as_long_as_its_longest_variant() {
        const PLAN: Plan = Plan::variants("Server", &[Plan::new("Server::None", &[]), INNER]);
        assert_eq!(PLAN.critical_path(), 2 * SECOND);
        assert_eq!(PLAN.variant(1), INNER);
    }

    #[test]
    #[should_panic(expected = "a 1s -> b 1s = 2s, over the budget of 1s")]
    fn a_budget_that_is_too_small_is_refused_with_the_path() {
        let _ = INNER.budget(SECOND);
    }

    #[test]
    #[should_panic(
        expected = "step `inner` has a timeout of 1500ms, less than its own plan: a 1s -> b 1s = 2s"
    )]
    fn a_step_shorter_than_its_plan_is_refused() {
        let _ = Step::new("inner")
            .timeout(Duration::from_millis(1500))
            .plan(INNER);
    }

    #[test]
    #[should_panic(expected = "sorted by their order")]
    fn unsorted_steps_are_refused() {
        let _ = Plan::new("App", &const { [Step::new("a").order(1), Step::new("b")] });
    }
}
