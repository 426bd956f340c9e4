//! What will happen: names, orders and limits of the closes, known at compile time.

mod budget;
mod constant;
mod demand;
mod display;
#[cfg(feature = "field-limits")]
mod limited;
mod nanos;
mod path;
mod step;
mod text;
mod written;

use nanos::Nanos;
use std::time::Duration;

pub use budget::assert_within;
pub(crate) use budget::set_aside;
pub use constant::{
    Constant, HoldsDuration, NoDuration, assert_leaves_time, constant, longer_than_zero, nanos,
};
pub(crate) use demand::{Overrides, TimeDemand};
pub use display::Mermaid;
#[cfg(feature = "field-limits")]
pub(crate) use limited::TooLong;
pub use step::Step;
pub use written::{nested, nested_within, step, step_within, within};

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
    budget: Option<Nanos>,
    /// Its critical path, known from the moment that it is made: a plan that nests it need not go into it again.
    path: Nanos,
    /// Whether something in it declared nothing.
    open: bool,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Leaf,
    Steps(&'static [Step]),
    Variants(&'static [Plan]),
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
        assert_within(&plan);
        plan
    }

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
    const fn takes(&self) -> Nanos {
        match self.budget {
            Some(budget) => budget,
            None => self.path,
        }
    }

    /// A diagram of the plan for Markdown that renders [Mermaid](https://mermaid.js.org).
    #[must_use]
    pub const fn mermaid(self) -> Mermaid {
        Mermaid(self)
    }

    /// Whether some step of it, or of the plans in it, is a [last word](Step::last).
    #[must_use]
    pub const fn has_last_words(&self) -> bool {
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

    /// Proves that this plan, the state's that `main` returns, fits into `main`'s own options.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_fits(&self, timeout: Duration, delay: Duration) {
        budget::assert_fits(self, timeout, delay, None);
    }

    /// The same where `main` says how long the last words may take.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_fits_before(
        &self,
        timeout: Duration,
        delay: Duration,
        last_words: Duration,
    ) {
        budget::assert_fits(self, timeout, delay, Some(last_words));
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

    const SECONDS: [Step; 4] = [
        Step::new("http").timeout(Duration::from_secs(10)),
        Step::new("audit").after(&["http"]).timeout(SECOND),
        Step::new("nats").order(1).timeout(Duration::from_secs(3)),
        Step::new("db").order(2).after(&["audit"]).timeout(SECOND),
    ];

    #[test]
    fn critical_path_goes_along_the_edges() {
        const LATE: Plan = Plan::new(
            "App",
            &[
                SECONDS[0],
                SECONDS[1].timeout(Duration::from_secs(5)),
                SECONDS[2],
                SECONDS[3],
            ],
        );
        // Nobody waits for the last one.
        const BESIDE: Plan = Plan::new(
            "App",
            &[
                SECONDS[0],
                SECONDS[1].timeout(Duration::from_secs(5)),
                SECONDS[2],
            ],
        );
        assert_eq!(Plan::new("App", &SECONDS).critical_path(), 14 * SECOND);
        assert_eq!(LATE.critical_path(), 16 * SECOND);
        assert_eq!(BESIDE.critical_path(), 15 * SECOND);
    }

    #[test]
    #[should_panic(expected = "http 10s -> audit 5s -> db 1s = 16s, over the budget of 15s")]
    fn the_path_along_the_edges_is_shown() {
        let steps = const {
            &[
                SECONDS[0],
                SECONDS[1].timeout(Duration::from_secs(5)),
                SECONDS[2],
                SECONDS[3],
            ]
        };
        let _ = Plan::new("App", steps).budget(15 * SECOND);
    }

    #[test]
    #[should_panic(expected = "`db` waits for `audit`, and no step before it has that name")]
    fn a_step_before_the_one_that_it_waits_for_is_refused() {
        let _ = Plan::new("App", const { &[SECONDS[0], SECONDS[3], SECONDS[1]] });
    }

    #[test]
    #[should_panic(expected = "`b` waits for `a`, which is of the same order")]
    fn a_step_that_waits_for_another_of_its_order_is_refused() {
        let steps = const { &[Step::new("a"), Step::new("b").order(0).after(&["a"])] };
        let _ = Plan::new("App", steps);
    }

    #[test]
    #[should_panic(expected = "step `inner` has a timeout of 1s, less than its own plan")]
    fn a_timeout_after_the_plan_is_proven_too() {
        let _ = Step::new("inner").plan(INNER).timeout(SECOND);
    }

    #[test]
    #[should_panic(expected = "s, over the budget of 1s")]
    fn a_path_that_is_too_long_to_show_keeps_its_sum() {
        let steps = vec![Step::new("a_field_with_a_name").timeout(SECOND); 200];
        let steps = steps
            .into_iter()
            .zip(0..)
            .map(|(step, order)| step.order(order));
        let steps = steps.collect::<Vec<_>>().leak();
        let _ = Plan::new("App", steps).budget(SECOND);
    }

    const WITH_LAST_WORD: Plan = Plan::new("App", &[SECONDS[0], Step::new("logs").last()]);

    #[test]
    fn a_last_word_is_no_part_of_the_path_and_has_its_time_after_it() {
        assert_eq!(WITH_LAST_WORD.critical_path(), 10 * SECOND);
        assert!(
            Plan::new("Outer", const { &[Step::new("app").plan(WITH_LAST_WORD)] }).has_last_words()
        );
        WITH_LAST_WORD.assert_fits(11 * SECOND, Duration::ZERO);
        WITH_LAST_WORD.assert_fits_before(15 * SECOND, SECOND, 4 * SECOND);
        // Of a short timeout a quarter.
        let steps = const { &[Step::new("db").timeout(SECOND), Step::new("logs").last()] };
        Plan::new("App", steps).assert_fits(Duration::from_millis(1334), Duration::ZERO);
    }

    #[test]
    #[should_panic(
        expected = "http 10s = 10s and before last words of 1s, over the timeout of 10s"
    )]
    fn a_timeout_without_time_for_the_last_word_is_refused() {
        WITH_LAST_WORD.assert_fits(10 * SECOND, Duration::ZERO);
    }

    #[test]
    #[should_panic(expected = "last words of a plan must stand behind all other steps")]
    fn a_step_behind_a_last_word_is_refused() {
        let _ = Plan::new(
            "App",
            const { &[Step::new("logs").last(), Step::new("db")] },
        );
    }

    #[test]
    #[should_panic(expected = "sorted by their order")]
    fn unsorted_steps_are_refused() {
        let _ = Plan::new("App", &const { [Step::new("a").order(1), Step::new("b")] });
    }
}
