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
        let above = self.steps.iter().filter(|(step, _)| is_above(step.name()));
        let above = above.max_by_key(|(step, _)| step.name().len());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::Lock;
    use std::fmt;
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    /// The step of each span, by its number, with the step that it is in.
    #[derive(Default)]
    struct Steps(Arc<Lock<Vec<(String, String)>>>);

    #[derive(Default)]
    struct StepOf(String);

    impl Visit for StepOf {
        fn record_str(&mut self, field: &Field, value: &str) {
            if field.name() == "step" {
                value.clone_into(&mut self.0);
            }
        }

        fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
    }

    impl Subscriber for Steps {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let mut steps = self.0.lock();
            let mut step = StepOf::default();
            span.record(&mut step);
            let parent = span
                .parent()
                .and_then(|id| usize::try_from(id.into_u64()).ok());
            let parent = parent.map_or_else(String::new, |id| steps[id - 1].0.clone());
            steps.push((step.0, parent));
            Id::from_u64(steps.len() as u64)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn a_step_is_a_child_of_the_innermost_one_that_it_is_in() {
        let steps = Steps::default();
        let seen = steps.0.clone();
        tracing::subscriber::with_default(steps, || {
            let mut spans = LogSpans::default();
            let step = |name: &str| StepState::new(name.to_owned(), None, false);
            let http = step("http");
            for open in [&http, &step("storage"), &step("storage.db")] {
                spans.step_began(open);
            }
            spans.step_ended(&http, &Outcome::Closed);
            spans.step_began(&step("storage.db.pool"));
        });
        let last = seen.lock().pop();
        let expected = ("storage.db.pool".to_owned(), "storage.db".to_owned());
        assert_eq!(last, Some(expected));
    }
}
