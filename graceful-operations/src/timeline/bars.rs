//! What each picture draws: one bar for each step, with its words.

use graceful_runtime::{Outcome, Report, StepReport};
use std::fmt;
use std::time::Duration;

/// A step in the order in which it stands in the report.
pub(super) struct Bar<'a> {
    pub(super) step: &'a StepReport,
    /// How many steps it is a step of.
    pub(super) depth: usize,
}

/// Each step, and behind it its own.
pub(super) fn bars(report: &Report) -> Vec<Bar<'_>> {
    fn add<'a>(steps: &'a [StepReport], depth: usize, bars: &mut Vec<Bar<'a>>) {
        for step in steps {
            bars.push(Bar { step, depth });
            add(&step.steps, depth + 1, bars);
        }
    }
    let mut bars = Vec::new();
    add(&report.steps, 0, &mut bars);
    bars
}

impl Bar<'_> {
    /// How it ended, in one word or two.
    pub(super) fn word(&self) -> &'static str {
        if self.step.blocked {
            "blocked"
        } else {
            self.step.outcome.as_str()
        }
    }

    /// The error, the note, the last word where it did not close, and what its thread does.
    pub(super) fn details(&self) -> String {
        let step = self.step;
        let error = match &step.outcome {
            Outcome::Failed(failure) => Some(failure.to_string()),
            Outcome::Panicked(message) => Some(message.clone()),
            _ => None,
        };
        let last_word = step.progress.clone().filter(|_| !step.outcome.is_clean());
        let thread = step.thread.as_ref().map(ToString::to_string);
        let all = error.into_iter().chain(step.note.clone());
        let all: Vec<_> = all.chain(last_word).chain(thread).collect();
        all.join("; ")
    }
}

/// `1.250 s`, `12.4 ms`, `213 µs`
pub(super) struct Time(pub(super) Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        match self.0.as_micros() {
            0 => f.write_str("0 s"),
            micros @ 1..1_000 => write!(f, "{micros} µs"),
            1_000..1_000_000 => write!(f, "{:.1} ms", seconds * 1e3),
            1_000_000..60_000_000 => write!(f, "{seconds:.3} s"),
            _ => write!(f, "{seconds:.0} s"),
        }
    }
}
