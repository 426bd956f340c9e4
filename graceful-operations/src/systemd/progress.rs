//! Whether a stop has got any further since it was last looked at.

use graceful_runtime::{Outcome, Report, StepReport};

/// What was seen last.
#[derive(Default)]
pub(super) struct Progress {
    seen: Vec<Seen>,
}

#[derive(PartialEq, Eq)]
struct Seen {
    name: String,
    stage: Stage,
    /// What it said of its progress.
    word: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waits,
    Runs,
    Ended,
}

impl Progress {
    /// Whether a step has begun, has ended, or has said something new.
    pub(super) fn is_new(&mut self, report: &Report) -> bool {
        let now: Vec<_> = report.leaves().map(Seen::of).collect();
        let is_new = now != self.seen;
        self.seen = now;
        is_new
    }

    /// `closing db (2 of 10), cache`; nothing where nothing runs.
    pub(super) fn words(&self) -> Option<String> {
        let running = self.seen.iter().filter(|step| step.stage == Stage::Runs);
        let running: Vec<_> = running
            .map(|Seen { name, word, .. }| match word {
                Some(word) => format!("{name} ({word})"),
                None => name.clone(),
            })
            .collect();
        (!running.is_empty()).then(|| format!("closing {}", running.join(", ")))
    }
}

impl Seen {
    fn of(step: &StepReport) -> Self {
        let stage = match step.outcome {
            Outcome::Running => Stage::Runs,
            Outcome::NotStarted => Stage::Waits,
            _ => Stage::Ended,
        };
        Self {
            name: step.name.clone(),
            stage,
            word: step.progress.clone(),
        }
    }
}
