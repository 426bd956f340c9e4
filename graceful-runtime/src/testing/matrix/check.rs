//! What is to hold in each stop of a matrix.

use super::order::Pair;
use crate::fault::Fault;
use crate::outcome::Outcome;
use crate::plan::AT_REQUEST;
use crate::report::{Report, StepReport};
use std::time::Duration;

/// What a busy machine may add to real time.
const NOISE: Duration = Duration::from_millis(500);

/// Paused time is exact to a turn of tokio's timer.
const TURN: Duration = Duration::from_millis(1);

pub(super) struct Check<'a> {
    pub(super) without: &'a Report,
    pub(super) order: &'a [Pair],
    pub(super) dependent: &'a [(String, String)],
    pub(super) budget: Duration,
    pub(super) real_time: bool,
}

impl Check<'_> {
    /// What does not hold, in words.
    pub(super) fn findings(&self, fault: Option<(&str, Fault)>, report: &Report) -> Vec<String> {
        let mut findings = Vec::new();
        if let Some((step, fault)) = fault {
            findings.extend(faulty_step(step, fault, report));
        }
        findings.extend(self.other_steps(fault, report));
        findings.extend(self.order(report));
        for step in &report.steps {
            self.in_itself(step, &mut findings);
        }
        if report.total > self.budget + self.noise() {
            let Report { total, .. } = report;
            findings.push(format!(
                "it took {total:.3?}, over the budget of {:?}",
                self.budget
            ));
        }
        findings
    }

    fn noise(&self) -> Duration {
        if self.real_time { NOISE } else { TURN }
    }

    /// Each other step is to close.
    fn other_steps<'a>(
        &'a self,
        fault: Option<(&'a str, Fault)>,
        report: &'a Report,
    ) -> impl Iterator<Item = String> + 'a {
        let faulty = fault.map(|(step, _)| step);
        // What is done at the request has the field as long as it blocks.
        let holds = match fault {
            Some((step, Fault::Block(_))) => step.strip_suffix(AT_REQUEST),
            _ => None,
        };
        let may_suffer = move |name: &str| {
            if holds == Some(name) {
                return true;
            }
            let on = |(step, on): &(String, String)| step == name && Some(&**on) == faulty;
            self.dependent.iter().any(on)
        };
        self.without
            .leaves()
            .filter(move |step| Some(&*step.name) != faulty && !may_suffer(&step.name))
            .filter_map(|step| {
                let name = &step.name;
                match report.step(name).map(|step| &step.outcome) {
                    Some(outcome) if outcome.is_clean() => None,
                    Some(outcome) => Some(format!("`{name}` is not closed: {outcome}")),
                    None => Some(format!("`{name}` was not there to be closed")),
                }
            })
    }

    /// No step is to begin before those that the plan puts before it have ended.
    fn order<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = String> + 'a {
        self.order.iter().filter_map(|(before, behind)| {
            let (first, second) = (report.step(before)?, report.step(behind)?);
            let (ended, started) = (first.started? + first.took, second.started?);
            (started < ended).then(|| {
                format!(
                    "`{behind}` began after {started:.3?}, and `{before}` ended after {ended:.3?}"
                )
            })
        })
    }

    /// What a step says of itself is to be true, and it is to have what it declares.
    fn in_itself(&self, step: &StepReport, findings: &mut Vec<String>) {
        let name = &step.name;
        if let (Some(declared), Some(limit)) = (step.timeout, step.limit) {
            if limit + self.noise() < declared {
                findings.push(format!(
                    "`{name}` had {limit:.3?} of the {declared:?} that it declares"
                ));
            }
            if step.took > limit + self.noise() {
                findings.push(format!("`{name}` took {:.3?} of {limit:.3?}", step.took));
            }
        }
        let lost: Vec<&str> = step
            .steps
            .iter()
            .filter(|own| !own.outcome.is_clean())
            .map(|own| &*own.name)
            .collect();
        if step.outcome.is_clean() && !lost.is_empty() {
            findings.push(format!(
                "`{name}` says that it is closed, and its own `{}` is not",
                lost.join("`, `")
            ));
        }
        for own in &step.steps {
            self.in_itself(own, findings);
        }
    }
}

/// The faulty step is to end as its fault says.
fn faulty_step(name: &str, fault: Fault, report: &Report) -> Option<String> {
    let Some(step) = report.step(name) else {
        return Some(format!("`{name}` was not there to be closed"));
    };
    let limit = step.limit.unwrap_or_default();
    let expected = match fault {
        Fault::Hang => "timed out",
        Fault::Panic(_) => "panicked",
        Fault::Fail(_) => "failed",
        Fault::Slow(time) | Fault::Block(time) if time >= limit => "timed out",
        Fault::Slow(_) | Fault::Block(_) => {
            // Whether what is left is enough for its own close is its own affair.
            return (!matches!(
                step.outcome,
                Outcome::Closed | Outcome::TimedOut | Outcome::Forced(_) | Outcome::Skipped
            ))
            .then(|| format!("`{name}` is not closed after the {fault}: {}", step.outcome));
        }
    };
    let ends_so = match &step.outcome {
        // Its own hard way.
        Outcome::Forced(_) => expected == "timed out",
        outcome => outcome.as_str() == expected,
    };
    (!ends_so).then(|| format!("`{name}` is not {expected}: {}", step.outcome))
}
