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
    let is_there = |name: &str| closed.iter().any(|step| step.name == dotted(name));
    for variant in plan.alternatives() {
        // Of an enum, the one whose fields were closed.
        if !variant.steps().iter().all(|step| is_there(step.name())) {
            continue;
        }
        for step in variant.steps() {
            for behind in variant.steps() {
                if waits_for(behind, step) {
                    pairs.push((dotted(step.name()), dotted(behind.name())));
                }
            }
            let name = dotted(step.name());
            let own = closed.iter().find(|closed| closed.name == name);
            if let Some(own) = own {
                add(&step.get_plan(), Some(&name), &own.steps, pairs);
            }
        }
        return;
    }
}

fn waits_for(step: &Step, before: &Step) -> bool {
    let (order, lower) = (step.get_order(), before.get_order());
    step.get_after().contains(&before.name())
        || order.is_some_and(|order| lower.is_some_and(|lower| lower < order))
}
