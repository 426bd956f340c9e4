//! Which steps the plan puts before which, as far as they were closed.

use crate::plan::{Plan, Step};
use crate::report::{Report, StepReport};

/// A step, and one that is to begin after its end.
pub(super) type Pair = (String, String);

pub(super) fn pairs(plan: &Plan, report: &Report) -> Vec<Pair> {
    let mut pairs = Vec::new();
    add(plan, None, &report.steps, &mut pairs);
    pairs
}

fn add(plan: &Plan, prefix: Option<&str>, closed: &[StepReport], pairs: &mut Vec<Pair>) {
    let dotted = |name: &str| match prefix {
        Some(prefix) => format!("{prefix}.{name}"),
        None => name.to_owned(),
    };
    let find = |name: &str| {
        let name = dotted(name);
        closed.iter().find(move |step| step.name == name)
    };
    let Some(steps) = carried_out(plan, |step| find(step.name()).is_some()) else {
        // The items of a collection, each by the same plan.
        for item in closed.iter().filter(|item| !item.steps.is_empty()) {
            add(plan, Some(&item.name), &item.steps, pairs);
        }
        return;
    };
    for step in steps {
        let behind = steps.iter().filter(|behind| waits_for(behind, step));
        pairs.extend(behind.map(|behind| (dotted(step.name()), dotted(behind.name()))));
        if let Some(own) = find(step.name()) {
            add(&step.get_plan(), Some(&own.name), &own.steps, pairs);
        }
    }
}

/// The steps of the plan, of an enum those of the variant that was closed: of several that it may have
/// been, the one that explains the most.
fn carried_out(plan: &Plan, is_there: impl Fn(&Step) -> bool) -> Option<&[Step]> {
    let variants = plan.alternatives().iter().map(Plan::steps);
    // A last word stands behind all others, whatever it is nested in.
    let is_there = |step: &Step| step.is_last() || is_there(step);
    let possible = variants.filter(|steps| steps.iter().all(is_there));
    possible.max_by_key(|steps| steps.len())
}

fn waits_for(step: &Step, before: &Step) -> bool {
    let (order, lower) = (step.get_order(), before.get_order());
    if step.is_last() {
        return !before.is_last();
    }
    step.get_after().contains(&before.name())
        || order.is_some_and(|order| lower.is_some_and(|lower| lower < order))
}
