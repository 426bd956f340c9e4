//! Steps that there are, and those that somebody meant.

use crate::report::{Report, StepReport};
use crate::similar::similar;

/// The dotted names of all steps, outer ones before their own.
pub(super) fn all(report: &Report) -> Vec<&str> {
    fn add<'a>(steps: &'a [StepReport], names: &mut Vec<&'a str>) {
        for step in steps {
            names.push(&step.name);
            add(&step.steps, names);
        }
    }
    let mut names = Vec::new();
    add(&report.steps, &mut names);
    names
}

/// That there is no such step, and which there are.
pub(super) fn unknown(report: &Report, name: &str) -> String {
    let names = all(report);
    let hint = match similar(name, &names) {
        Some(known) => format!("; did you mean `{known}`?"),
        None => ".".to_owned(),
    };
    if names.is_empty() {
        return format!("there is no step `{name}`: nothing was closed");
    }
    format!(
        "there is no step `{name}`{hint} There are: {}",
        names.join(", ")
    )
}
