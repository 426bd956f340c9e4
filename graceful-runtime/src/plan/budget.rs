//! Proofs at compile time, and the text that a failed one shows.

use super::{Plan, Shape, Step};
use std::time::Duration;

pub(super) const fn longer(a: Duration, b: Duration) -> Duration {
    if a.as_nanos() >= b.as_nanos() { a } else { b }
}

/// The longest declared limit among the steps that share `steps[at]`'s order, and where the next order begins.
pub(super) const fn slowest_of_order(steps: &[Step], at: usize) -> (Duration, usize) {
    let order = steps[at].order;
    let mut slowest = Duration::ZERO;
    let mut i = at;
    while i < steps.len() && steps[i].order == order {
        if let Some(limit) = steps[i].declared() {
            slowest = longer(slowest, limit);
        }
        i += 1;
    }
    (slowest, i)
}

#[track_caller]
pub(super) const fn assert_within(plan: &Plan, budget: Duration) {
    if plan.critical_path().as_nanos() > budget.as_nanos() {
        let text = Text::new()
            .path(plan)
            .str(", over the budget of ")
            .duration(budget)
            .str(": raise it, or lower a step's `timeout`");
        panic!("{}", text.as_str());
    }
}

#[track_caller]
pub(super) const fn assert_step_within(step: &str, plan: &Plan, timeout: Duration) {
    let Some(needed) = plan.declared() else {
        return;
    };
    if needed.as_nanos() > timeout.as_nanos() {
        let text = Text::new()
            .str("step `")
            .str(step)
            .str("` has a timeout of ")
            .duration(timeout)
            .str(", less than its own plan: ")
            .needed(plan);
        panic!("{}", text.as_str());
    }
}

#[track_caller]
pub(super) const fn assert_fits(plan: &Plan, timeout: Duration, delay: Duration) {
    let Some(needed) = plan.declared() else {
        return;
    };
    if needed.saturating_add(delay).as_nanos() > timeout.as_nanos() {
        let mut text = Text::new().needed(plan);
        if !delay.is_zero() {
            text = text.str(" after a delay of ").duration(delay);
        }
        let text = text
            .str(", over the timeout of ")
            .duration(timeout)
            .str(" that `#[graceful::main]` gives: raise it with `#[graceful::main(timeout = \"")
            .duration(needed.saturating_add(delay))
            .str("\")]`");
        panic!("{}", text.as_str());
    }
}

/// A string built in a constant, where there is no allocation. What is over its size is cut.
struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    const fn str(mut self, s: &str) -> Self {
        let s = s.as_bytes();
        // A name cut in its middle could end inside a character, so it goes in whole or not at all.
        if self.len + s.len() <= self.bytes.len() {
            let mut i = 0;
            while i < s.len() {
                self.bytes[self.len + i] = s[i];
                i += 1;
            }
            self.len += s.len();
        }
        self
    }

    const fn number(self, n: u128) -> Self {
        let mut digits = [0u8; 39];
        let mut at = digits.len();
        let mut rest = n;
        loop {
            at -= 1;
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a decimal digit fits into a byte; `TryFrom` is not const"
            )]
            {
                digits[at] = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        match std::str::from_utf8(digits.split_at(at).1) {
            Ok(digits) => self.str(digits),
            Err(_) => self,
        }
    }

    const fn duration(self, d: Duration) -> Self {
        let (count, unit) = in_whole_units(d);
        self.number(count).str(unit)
    }

    /// `http 10s -> nats 3s | kafka 3s -> db 2s = 15s`
    const fn path(self, plan: &Plan) -> Self {
        let text = match plan.shape {
            Shape::Leaf => self,
            Shape::Steps(steps) => self.steps(steps),
            Shape::Variants(variants) => {
                let mut longest = 0;
                let mut i = 1;
                while i < variants.len() {
                    if variants[i].critical_path().as_nanos()
                        > variants[longest].critical_path().as_nanos()
                    {
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
                .duration(budget),
            None => self.path(plan),
        }
    }

    const fn steps(self, steps: &[Step]) -> Self {
        let mut text = self;
        let mut i = 0;
        while i < steps.len() {
            if i > 0 {
                text = text.str(if steps[i].order == steps[i - 1].order {
                    " | "
                } else {
                    " -> "
                });
            }
            text = text.str(steps[i].name);
            if let Some(limit) = steps[i].declared() {
                text = text.str(" ").duration(limit);
            }
            i += 1;
        }
        text
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "the plan is over its budget",
        }
    }
}

/// A duration as it would be written in an attribute: the largest unit that needs no fraction.
pub(super) const fn in_whole_units(d: Duration) -> (u128, &'static str) {
    let nanos = d.as_nanos();
    if nanos % 1_000_000_000 == 0 {
        (nanos / 1_000_000_000, "s")
    } else if nanos % 1_000_000 == 0 {
        (nanos / 1_000_000, "ms")
    } else if nanos % 1_000 == 0 {
        (nanos / 1_000, "us")
    } else {
        (nanos, "ns")
    }
}
