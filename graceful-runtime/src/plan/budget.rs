//! Proofs at compile time, and the text that a failed one shows.

use super::nanos::Nanos;
use super::path::{self, Longest};
use super::text::Text;
use super::tree::{Plan, Shape, Step};
use std::time::Duration;

const ONE_SECOND: Duration = Duration::from_secs(1);

/// Proves that a plan fits into its own budget.
///
/// # Panics
///
/// If it does not, with the path.
#[track_caller]
pub const fn assert_within(plan: &Plan) {
    let Some(budget) = plan.budget else { return };
    if plan.path.0 > budget.0 {
        let text = Text::new()
            .path(plan)
            .str(", over the budget of ")
            .duration(budget.duration())
            .str(": raise it, or lower a step's `timeout`");
        panic!("{}", text.as_str());
    }
}

#[track_caller]
pub(super) const fn assert_step_within(step: &str, plan: &Plan, timeout: Nanos) {
    if plan.takes().0 > timeout.0 {
        let text = Text::new()
            .str("step `")
            .str(step)
            .str("` has a timeout of ")
            .duration(timeout.duration())
            .str(", less than its own plan: ")
            .needed(plan);
        panic!("{}", text.as_str());
    }
}

impl Plan {
    /// Proves that this plan, the state's that `main` returns, fits into `main`'s own options.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_fits(&self, timeout: Duration, delay: Duration) {
        assert_fits(self, timeout, delay, None);
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
        assert_fits(self, timeout, delay, Some(last_words));
    }
}

/// `last_words` is what these have together, where something says so.
#[track_caller]
const fn assert_fits(
    plan: &Plan,
    timeout: Duration,
    delay: Duration,
    last_words: Option<Duration>,
) {
    let Some(needed) = plan.declared() else {
        return;
    };
    let set_aside = match last_words {
        _ if !plan.has_last_words() => Duration::ZERO,
        Some(last_words) => last_words,
        None => set_aside(timeout),
    };
    let takes = needed.saturating_add(delay).saturating_add(set_aside);
    if takes.as_nanos() > timeout.as_nanos() {
        let mut text = Text::new().needed(plan);
        if !delay.is_zero() {
            text = text.str(" after a delay of ").duration(delay);
        }
        if !set_aside.is_zero() {
            text = text.str(" and before last words of ").duration(set_aside);
        }
        let text = text
            .str(", over the timeout of ")
            .duration(timeout)
            .str(" that `#[graceful::main]` gives: raise it with `#[graceful::main(timeout = \"")
            .duration(takes)
            .str("\")]`");
        panic!("{}", text.as_str());
    }
}

#[cfg(feature = "field-limits")]
impl Plan {
    /// The critical path as a failed proof shows it.
    pub(crate) fn path_as_text(&self) -> String {
        Text::new().path(self).as_str().to_owned()
    }
}

/// What a whole leaves to what comes at its end where nothing says so, as all last words of a stop, and the `force` of a
/// step: a second, and of a short timeout a quarter.
pub(crate) const fn set_aside(timeout: Duration) -> Duration {
    let quarter = timeout.checked_div(4);
    match quarter {
        Some(quarter) if quarter.as_nanos() < ONE_SECOND.as_nanos() => quarter,
        _ => ONE_SECOND,
    }
}

impl Text {
    /// `http 10s -> nats 3s | kafka 3s -> db 2s = 15s`
    const fn path(self, plan: &Plan) -> Self {
        let text = match plan.shape {
            Shape::Leaf => self,
            Shape::Steps(steps) => self.steps(steps),
            Shape::Variants(variants) => {
                let mut longest = 0;
                let mut i = 1;
                while i < variants.len() {
                    if variants[i].path.0 > variants[longest].path.0 {
                        longest = i;
                    }
                    i += 1;
                }
                self.str(variants[longest].name)
                    .str(": ")
                    .steps(variants[longest].steps())
            }
        };
        text.str(" = ").duration(plan.critical_path())
    }

    /// The path, or the budget where that is what counts.
    const fn needed(self, plan: &Plan) -> Self {
        match plan.budget {
            Some(budget) => self
                .str("`")
                .str(plan.name)
                .str("` has a budget of ")
                .duration(budget.duration()),
            None => self.path(plan),
        }
    }

    const fn steps(self, steps: &[Step]) -> Self {
        if path::has_edges(steps) {
            return self.longest(steps);
        }
        let mut text = self;
        let mut i = 0;
        while i < steps.len() && !steps[i].is_last() {
            if text.is_long() {
                return text.str(" -> ...");
            }
            if i > 0 {
                let same = match (steps[i].get_order(), steps[i - 1].get_order()) {
                    (Some(a), Some(b)) => a == b,
                    _ => false,
                };
                text = text.str(if same { " | " } else { " -> " });
            }
            text = text.step(&steps[i]);
            i += 1;
        }
        text
    }

    /// Of steps that wait for each other by name the longest path alone: others that run beside it
    /// can't be told from those that follow it.
    const fn longest(self, steps: &[Step]) -> Self {
        let longest = Longest::of(steps);
        let mut text = self;
        let mut i = 0;
        while let Some(step) = longest.get(i) {
            if text.is_long() {
                return text.str(" -> ...");
            }
            if i > 0 {
                text = text.str(" -> ");
            }
            text = text.step(&steps[step]);
            i += 1;
        }
        text
    }

    const fn step(self, step: &Step) -> Self {
        let text = self.str(step.name);
        match step.declared() {
            Some(limit) => text.str(" ").duration(limit),
            None => text,
        }
    }
}
