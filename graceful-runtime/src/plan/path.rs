//! The longest path through a plan's steps, if each takes what it declared.

use super::nanos::Nanos;
use super::text::Text;
use super::tree::{Plan, Step};

/// How many steps a plan may have in which one waits for another by name.
const MOST: usize = 1024;

/// Of a step that begins with the plan.
const NONE: usize = usize::MAX;

/// What several steps or variants ask of the time that there is.
pub(super) struct Sum {
    /// The longest path, as far as it was declared.
    pub(super) path: Nanos,
    /// Whether something declared nothing.
    pub(super) open: bool,
}

/// Up to where a path leads.
#[derive(Clone, Copy)]
struct End {
    at: Nanos,
    /// The step that ends there.
    step: usize,
}

/// When each step ends.
struct Ends {
    at: [Nanos; MOST],
    /// The step that each begins after.
    before: [usize; MOST],
    last: End,
}

/// The steps one after the other that take longest.
pub(super) struct Longest {
    steps: [usize; MOST],
    first: usize,
}

impl End {
    const START: Self = Self {
        at: Nanos::ZERO,
        step: NONE,
    };

    const fn or_later(self, other: Self) -> Self {
        if other.at.0 > self.at.0 { other } else { self }
    }
}

/// Where the step called `name` is among those before `at`, the nearest one.
const fn position(steps: &[Step], at: usize, name: &str) -> Option<usize> {
    let mut i = at;
    while i > 0 {
        i -= 1;
        if is_equal(steps[i].name, name) {
            return Some(i);
        }
    }
    None
}

const fn is_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    // Names of many fields differ at their end.
    let mut i = a.len();
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return false;
        }
    }
    true
}

/// Where the step is that `steps[at]` waits for by this name, which is wrong where it is none.
#[track_caller]
const fn waits_for(steps: &[Step], at: usize, name: &str) -> usize {
    let step = &steps[at];
    let text = Text::new()
        .str("step `")
        .str(step.name)
        .str("` waits for `")
        .str(name);
    let Some(before) = position(steps, at, name) else {
        let text = text.str("`, and no step before it has that name");
        panic!("{}", text.as_str());
    };
    if let (Some(own), Some(other)) = (step.get_order(), steps[before].get_order()) {
        if own == other {
            let text = text.str("`, which is of the same order: give it a higher one, or none");
            panic!("{}", text.as_str());
        }
    }
    before
}

/// Whether some step waits for another by name.
pub(super) const fn has_edges(steps: &[Step]) -> bool {
    let mut i = 0;
    while i < steps.len() {
        if !steps[i].after.is_empty() {
            return true;
        }
        i += 1;
    }
    false
}

/// Proves that the steps are sorted, and sums them up.
///
/// In one pass, and without a call for each step: of all that a plan is for the compiler, this is what it carries out.
#[track_caller]
pub(super) const fn of_steps(steps: &[Step]) -> Sum {
    let mut order = 0;
    // When the lower orders have ended, and this one too.
    let (mut lower, mut end) = (0, 0);
    let (mut open, mut edges) = (false, false);
    let mut rest = steps;
    while let [step, behind @ ..] = rest {
        if step.moments.is_last {
            assert_last(rest);
            break;
        }
        rest = behind;
        let waits = !matches!(step.after, []);
        edges |= waits;
        let own = match step.order {
            Some(own) => own,
            None if waits => order,
            None => 0,
        };
        if own != order {
            assert!(
                order < own,
                "the steps of a plan must be sorted by their order"
            );
            order = own;
            lower = end;
        }
        let takes = if let Some(timeout) = step.timeout {
            timeout.0
        } else {
            let plan = step.plan.get();
            if let Some(budget) = plan.budget {
                budget.0
            } else {
                open |= plan.open;
                plan.path.0
            }
        };
        let at = if takes > u64::MAX - lower {
            u64::MAX
        } else {
            lower + takes
        };
        if at > end {
            end = at;
        }
    }
    let path = if edges {
        assert!(
            steps.len() <= MOST,
            "a plan with `after` can't have more than 1024 steps"
        );
        ends(steps).last.at
    } else {
        Nanos(end)
    };
    Sum { path, open }
}

/// Proves that nothing stands behind the last words.
#[track_caller]
const fn assert_last(steps: &[Step]) {
    let mut i = 0;
    while i < steps.len() {
        assert!(
            steps[i].moments.is_last,
            "the last words of a plan must stand behind all other steps"
        );
        i += 1;
    }
}

/// When each step ends, if it begins as soon as all that it waits for have.
#[track_caller]
const fn ends(steps: &[Step]) -> Ends {
    let mut ends = Ends {
        at: [Nanos::ZERO; MOST],
        before: [NONE; MOST],
        last: End::START,
    };
    let mut order = 0;
    // Of the lower orders, and of this one too.
    let (mut lower, mut so_far) = (End::START, End::START);
    let mut i = 0;
    while i < steps.len() && !steps[i].moments.is_last {
        let step = &steps[i];
        let own_order = step.get_order();
        let mut before = End::START;
        if let Some(own_order) = own_order {
            if own_order > order {
                order = own_order;
                lower = so_far;
            }
            before = lower;
        }
        let mut edge = 0;
        while edge < step.after.len() {
            let step = waits_for(steps, i, step.after[edge]);
            before = before.or_later(End {
                at: ends.at[step],
                step,
            });
            edge += 1;
        }
        let takes = match step.timeout {
            Some(timeout) => timeout,
            None => step.plan.get().takes(),
        };
        let end = End {
            at: before.at.and(takes),
            step: i,
        };
        ends.at[i] = end.at;
        ends.before[i] = before.step;
        ends.last = ends.last.or_later(end);
        if own_order.is_some() {
            so_far = so_far.or_later(end);
        }
        i += 1;
    }
    ends
}

impl Longest {
    pub(super) const fn of(steps: &[Step]) -> Self {
        let ends = ends(steps);
        let mut longest = Self {
            steps: [NONE; MOST],
            first: MOST,
        };
        let mut step = ends.last.step;
        while step != NONE {
            longest.first -= 1;
            longest.steps[longest.first] = step;
            step = ends.before[step];
        }
        longest
    }

    /// The one at this place, if there are so many.
    pub(super) const fn get(&self, at: usize) -> Option<usize> {
        if self.first + at < MOST {
            Some(self.steps[self.first + at])
        } else {
            None
        }
    }
}

/// Of several plans, one of which is carried out.
pub(super) const fn of_variants(variants: &[Plan]) -> Sum {
    let mut sum = Sum {
        path: Nanos::ZERO,
        open: false,
    };
    let mut i = 0;
    while i < variants.len() {
        let variant = &variants[i];
        sum.open |= variant.open && variant.budget.is_none();
        if variant.path.0 > sum.path.0 {
            sum.path = variant.path;
        }
        i += 1;
    }
    sum
}

impl Step {
    /// Where in its plan those are that it waits for by name; `at` is its own place.
    pub(crate) fn waits_for(&self, steps: &[Step], at: usize) -> Vec<usize> {
        let mut places = Vec::with_capacity(self.after.len());
        for name in self.after {
            // The plan has proven that they are there.
            if let Some(place) = position(steps, at, name) {
                places.push(place);
            }
        }
        places
    }
}
