//! What has to be true of any stop.

use crate::journal::{Entry, Event};
use crate::plan::Tree;
use crate::stop::Stopped;
use graceful::{Outcome, StepReport};
use std::time::Duration;

/// A timer of tokio's fires at a whole millisecond.
const TICK: Duration = Duration::from_millis(1);

/// What limits within limits lose to that, each of them rounded.
const ROUNDED: Duration = Duration::from_millis(5);

pub(crate) fn check(stopped: &Stopped<'_>) {
    let facts = Facts(stopped);
    facts.each_close_is_called_once_at_most_and_ends();
    facts.what_began_is_in_the_report();
    facts.nothing_begins_after_the_stop();
    facts.the_stop_keeps_to_its_budget();
    facts.a_field_is_left_out_for_want_of_time_alone();
    facts.the_report_is_true(&stopped.report.steps);
    if stopped.has_state {
        facts.every_field_is_in_the_report(stopped.tree, "");
        facts.what_is_waited_for_is_over(stopped.tree, "");
    }
    facts.deferred_closes_come_last_and_in_reverse();
    let is_clean = stopped.report.is_clean();
    facts.require(
        is_clean == (stopped.report.exit_code == 0),
        "the exit code says whether it was clean",
    );
    facts.require(
        is_clean == stopped.report.causes().is_empty(),
        "what was not clean has a cause, and what was has none",
    );
}

struct Facts<'a>(&'a Stopped<'a>);

impl Facts<'_> {
    #[track_caller]
    fn require(&self, holds: bool, what: &str) {
        let Stopped {
            report,
            entries,
            began,
            ..
        } = self.0;
        assert!(
            holds,
            "not so: {what}\n{:#?}\n{report}\nthe stop began at {began:?}\n{entries:#?}",
            self.0.tree.steps
        );
    }

    /// The lines of one close, with their places in the journal.
    fn of<'s>(&'s self, step: &'s str) -> impl Iterator<Item = (usize, &'s Entry)> {
        let entries = self.0.entries.iter().enumerate();
        entries.filter(move |(_, entry)| entry.step == step && entry.event != Event::TaskEnded)
    }

    /// The lines of one close, and of all that is in it.
    fn within<'s>(&'s self, step: &'s str) -> impl Iterator<Item = (usize, &'s Entry)> {
        let is_in = move |entry: &Entry| {
            let rest = entry.step.strip_prefix(step);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let entries = self.0.entries.iter().enumerate();
        entries.filter(move |(_, entry)| is_in(entry) && entry.event != Event::TaskEnded)
    }

    fn each_close_is_called_once_at_most_and_ends(&self) {
        for entry in &self.0.entries {
            let events: Vec<Event> = self.of(&entry.step).map(|(_, entry)| entry.event).collect();
            let is_one = match events[..] {
                [] => true,
                [Event::Begun, end] => end != Event::Begun,
                _ => false,
            };
            self.require(
                is_one,
                &format!("`{}` is called once, and ends: {events:?}", entry.step),
            );
        }
    }

    fn what_began_is_in_the_report(&self) {
        for entry in &self.0.entries {
            let is_there = self.0.report.step(&entry.step).is_some();
            self.require(
                is_there || entry.event == Event::TaskEnded,
                &format!("`{}` began, and is in the report", entry.step),
            );
        }
    }

    fn nothing_begins_after_the_stop(&self) {
        for late in &self.0.entries[self.0.entries_at_end..] {
            self.require(
                late.event == Event::TaskEnded,
                "nothing begins or ends after the stop",
            );
        }
    }

    fn the_stop_keeps_to_its_budget(&self) {
        let Stopped {
            began,
            ended,
            budget,
            report,
            ..
        } = self.0;
        self.require(
            *ended <= *began + *budget + TICK,
            "it ends within its budget",
        );
        self.require(report.total <= *budget + TICK, "it says that it did");
    }

    /// Where nothing was deferred: else the state has to leave some of the budget to that.
    fn a_field_is_left_out_for_want_of_time_alone(&self) {
        let Stopped {
            report,
            budget,
            deferred,
            ..
        } = self.0;
        if !deferred.is_empty() {
            return;
        }
        for step in &report.steps {
            let is_left_out = matches!(step.outcome, Outcome::NotStarted);
            self.require(
                !is_left_out || report.total + ROUNDED >= *budget,
                &format!("`{}` had no time left", step.name),
            );
        }
    }

    fn the_report_is_true(&self, steps: &[StepReport]) {
        for step in steps {
            self.the_report_is_true(&step.steps);
            if !step.steps.is_empty() {
                continue;
            }
            let lines: Vec<&Entry> = self.of(&step.name).map(|(_, entry)| entry).collect();
            let events: Vec<Event> = lines.iter().map(|entry| entry.event).collect();
            let told: &[Event] = match step.outcome {
                Outcome::Closed => &[Event::Begun, Event::Closed],
                Outcome::Failed(_) => &[Event::Begun, Event::Failed],
                Outcome::Panicked(_) => &[Event::Begun, Event::Panicked],
                Outcome::TimedOut => &[Event::Begun, Event::Cut],
                _ => &[],
            };
            self.require(
                events == told,
                &format!("`{}` {}: {events:?}", step.name, step.outcome),
            );
            let [begun, end] = lines[..] else { continue };
            let started = self.0.began + step.started.unwrap_or_default();
            self.require(
                started.abs_diff(begun.at) <= TICK
                    && (started + step.took).abs_diff(end.at) <= TICK,
                &format!("`{}` began and ended when the report says", step.name),
            );
            let limit = step.limit.unwrap_or_default();
            let declared = step.timeout.unwrap_or(Duration::MAX);
            self.require(
                limit <= declared && end.at <= begun.at + limit + TICK,
                &format!("`{}` keeps to its limit", step.name),
            );
            self.its_tasks_have_ended_or_are_reported(step);
        }
    }

    fn its_tasks_have_ended_or_are_reported(&self, step: &StepReport) {
        let tasks = self.0.entries[..self.0.entries_at_end].iter();
        let ended = tasks
            .filter(|entry| entry.step == step.name && entry.event == Event::TaskEnded)
            .count();
        let is_drain = ended > 0
            || step
                .progress
                .as_ref()
                .is_some_and(|text| text.contains("in flight"));
        if is_drain && !step.outcome.is_clean() {
            let said = format!("{step:?}");
            self.require(
                said.contains("in flight"),
                &format!("`{}` says what is left", step.name),
            );
        }
        if is_drain && step.outcome.is_clean() {
            self.require(
                ended == 3,
                &format!("the tasks of `{}` have ended", step.name),
            );
        }
    }

    fn every_field_is_in_the_report(&self, tree: &Tree, outer: &str) {
        for (step, nested) in tree.steps.iter().zip(&tree.nested) {
            let name = path(outer, step.name());
            let Some(reported) = self.0.report.step(&name) else {
                self.require(
                    self.of(&name).next().is_none(),
                    &format!("`{name}` is in the report"),
                );
                continue;
            };
            if let Some(nested) = nested
                && !reported.steps.is_empty()
            {
                self.require(
                    reported.steps.len() == nested.steps.len(),
                    &format!("all of `{name}` is there"),
                );
                self.every_field_is_in_the_report(nested, &name);
            }
        }
    }

    fn what_is_waited_for_is_over(&self, tree: &Tree, outer: &str) {
        for (place, step) in tree.steps.iter().enumerate() {
            let name = path(outer, step.name());
            if let Some(nested) = &tree.nested[place] {
                self.what_is_waited_for_is_over(nested, &name);
            }
            let Some((begun, _)) = self.within(&name).next() else {
                continue;
            };
            for before in tree.before(place) {
                let before = path(outer, before);
                let last = self.within(&before).last();
                self.require(
                    last.is_none_or(|(last, _)| last < begun),
                    &format!(
                        "`{before}` is over, and what it owned is dropped, before `{name}` begins"
                    ),
                );
            }
        }
    }

    fn deferred_closes_come_last_and_in_reverse(&self) {
        let mut earlier: Vec<&str> = if self.0.has_state {
            self.0.tree.steps.iter().map(graceful::Step::name).collect()
        } else {
            Vec::new()
        };
        for deferred in self.0.deferred.iter().rev() {
            let Some((begun, _)) = self.of(deferred).next() else {
                continue;
            };
            for before in &earlier {
                let last = self.within(before).last();
                self.require(
                    last.is_none_or(|(last, _)| last < begun),
                    &format!("`{before}` is over before `{deferred}` begins"),
                );
            }
            earlier.push(deferred);
        }
    }
}

fn path(outer: &str, name: &str) -> String {
    if outer.is_empty() {
        name.to_owned()
    } else {
        format!("{outer}.{name}")
    }
}
