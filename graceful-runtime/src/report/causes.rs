//! What went wrong, as a machine counts it.

use super::cause::{Cause, CauseKind};
use super::{Report, StepReport};
use crate::outcome::Outcome;
use crate::reason::Reason;

impl Report {
    /// What went wrong, one after the other: a critical task whose end began the stop, what `main` and the whole ended
    /// with, then each step that did not close, then what was left behind. Empty where all is well, and never where the
    /// stop asks for an exit code that is not 0, unless that is of the signal that [the process ends
    /// by](crate::EndBy::Signal).
    ///
    /// It is what a counter of errors counts, and what the JSON record has as `causes`.
    #[must_use]
    pub fn causes(&self) -> Vec<Cause> {
        let mut causes = Vec::new();
        if let Reason::CriticalTask { name, how } = &self.reason {
            causes.push(Cause::new(name, CauseKind::Ended, how));
        }
        causes.extend(self.faults.iter().cloned());
        // What asks for its end by itself, in a task, has no need of it.
        let is_cut = matches!(self.reason, Reason::Signal(_) | Reason::Requested(_));
        if self.main_dropped && is_cut {
            let message = format!("it showed no sign of having heard of {}", self.reason);
            causes.push(Cause::new("main", CauseKind::Dropped, &message));
        }
        causes.extend(self.leaves().filter_map(StepReport::cause));
        if self.omitted_unclean > 0 {
            let message = format!("{} more did not close", self.omitted_unclean);
            causes.push(Cause::new("steps", CauseKind::LeftBehind, &message));
        }
        if self.leaks_are_unclean && self.leaked_tasks > 0 {
            let message = format!("{} were alive that nobody waited for", self.leaked_tasks);
            causes.push(Cause::new("tasks", CauseKind::LeftBehind, &message));
        }
        let of_steps = causes.len();
        for left in &self.left_behind {
            // One that overran, and then proved to block its thread, is one cause. A field may be called the same.
            if let Some(at) = causes.iter().skip(of_steps).position(|before| {
                before.component == left.component && before.kind == CauseKind::TimedOut
            }) {
                causes.remove(of_steps + at);
            }
            causes.push(Cause::new(left.component, left.kind, &left.what));
        }
        let is_forced = self.forced_by.is_some() || self.deadline_passed;
        if is_forced && causes.is_empty() {
            let message = "nothing was left to be closed, and it had not ended";
            causes.push(Cause::new("process", CauseKind::StillRunning, message));
        }
        causes
    }

    /// `queue timed_out, db failed`
    pub(crate) fn causes_in_words(&self) -> String {
        let words = |cause: &Cause| format!("{} {}", cause.component, cause.kind);
        let causes: Vec<_> = self.causes().iter().map(words).collect();
        causes.join(", ")
    }
}

impl StepReport {
    fn cause(&self) -> Option<Cause> {
        let kind = match &self.outcome {
            Outcome::Closed | Outcome::Skipped => return None,
            _ if self.blocked => CauseKind::Blocked,
            Outcome::Failed(_) => CauseKind::Failed,
            Outcome::Panicked(_) => CauseKind::Panicked,
            Outcome::TimedOut => CauseKind::TimedOut,
            Outcome::Forced(_) => CauseKind::Forced,
            Outcome::NotStarted => CauseKind::NotStarted,
            Outcome::Running => CauseKind::StillRunning,
        };
        let told = self.outcome.message().map(str::to_owned);
        let told = told.or_else(|| self.note.clone());
        let told = told.or_else(|| self.progress.clone());
        let thread = || self.thread.as_ref().map(ToString::to_string);
        Some(Cause {
            component: self.name.clone(),
            kind,
            message: told.or_else(thread).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Signal;
    use crate::report::LeftBehind;
    use crate::tests::life;

    fn causes(report: &Report) -> Vec<(String, CauseKind)> {
        let causes = report.causes().into_iter();
        causes.map(|it| (it.component, it.kind)).collect()
    }

    /// A second signal in the delay of a service that has nothing to close, for one.
    #[test]
    fn what_was_forced_has_a_cause_though_nothing_else_went_wrong() {
        let clean = life(async {}).1;
        assert_eq!(causes(&clean), []);
        let still_runs = [("process".to_owned(), CauseKind::StillRunning)];
        let forced = Report {
            forced_by: Some(Signal::Terminate),
            ..clean.clone()
        };
        assert_eq!(causes(&forced), still_runs);
        let late = Report {
            deadline_passed: true,
            ..clean
        };
        assert_eq!(causes(&late), still_runs);
    }

    #[test]
    fn a_main_that_asked_for_the_end_by_itself_is_not_dropped_by_mistake() {
        let dropped = |reason| Report {
            reason,
            main_dropped: true,
            ..life(async {}).1
        };
        assert_eq!(causes(&dropped(Reason::Exit(0))), []);
        let cut = causes(&dropped(Reason::Signal(Signal::Interrupt)));
        assert_eq!(cut, [("main".to_owned(), CauseKind::Dropped)]);
    }

    #[test]
    fn one_that_overran_and_then_blocked_is_one_cause() {
        let report = Report {
            left_behind: vec![
                LeftBehind::new("main", CauseKind::TimedOut, "`main`"),
                LeftBehind::blocked("main", "`main`", None),
            ],
            ..life(async {}).1
        };
        assert_eq!(causes(&report), [("main".to_owned(), CauseKind::Blocked)]);
    }
}
