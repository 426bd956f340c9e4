//! The stop as spans of `tracing`: one for the whole, and one for each step, for whoever exports them.

use super::event::LogEvent;
use crate::outcome::Outcome;
use crate::report::Report;
use crate::step_state::StepState;
use std::sync::Arc;
use tracing::Span;
use tracing::field::{Empty, display};

/// Those that are open. They are made on the log's thread alone, since a subscriber may block.
#[derive(Default)]
pub(super) struct LogSpans {
    whole: Option<Span>,
    steps: Vec<(Arc<StepState>, Span)>,
}

impl LogSpans {
    /// Begins and ends what this event does.
    pub(super) fn follow(&mut self, event: &LogEvent) {
        match event {
            LogEvent::Began { reason, .. } => {
                self.stop_began(&reason.to_string());
            }
            LogEvent::StepBegan { step, .. } => self.step_began(step),
            LogEvent::StepEnded { step, outcome, .. } => self.step_ended(step, outcome),
            LogEvent::Ended { report, .. } => self.stop_ended(report),
            _ => {}
        }
    }

    fn stop_began(&mut self, reason: &str) -> &Span {
        self.whole.get_or_insert_with(|| {
            tracing::info_span!(
                target: "graceful",
                "shutdown",
                reason,
                exit_code = Empty,
                error = Empty,
                otel.status_code = Empty,
            )
        })
    }

    /// A step of a step is a child of it.
    fn step_began(&mut self, step: &Arc<StepState>) {
        let name = step.name();
        let is_above = |above: &str| {
            let below = name.strip_prefix(above);
            below.is_some_and(|below| below.starts_with('.'))
        };
        let mut above = self.steps.iter().rev();
        let above = above.find(|(step, _)| is_above(step.name()));
        let parent = match above {
            Some((_, span)) => span.id(),
            None => self.stop_began("").id(),
        };
        let span = tracing::info_span!(
            target: "graceful",
            parent: parent,
            "close",
            step = name,
            otel.name = format!("close {name}"),
            outcome = Empty,
            error = Empty,
            otel.status_code = Empty,
        );
        self.steps.push((step.clone(), span));
    }

    fn step_ended(&mut self, step: &Arc<StepState>, outcome: &Outcome) {
        let mut open = self.steps.iter();
        let Some(at) = open.position(|(open, _)| Arc::ptr_eq(open, step)) else {
            return;
        };
        let (_, span) = self.steps.swap_remove(at);
        span.record("outcome", outcome.as_str());
        if !outcome.is_clean() {
            span.record("error", display(outcome));
            span.record("otel.status_code", "ERROR");
        }
    }

    fn stop_ended(&mut self, report: &Report) {
        self.steps.clear();
        let Some(span) = self.whole.take() else {
            return;
        };
        span.record("exit_code", report.exit_code);
        if !report.is_clean() {
            span.record("error", report.causes_in_words());
            span.record("otel.status_code", "ERROR");
        }
    }
}
