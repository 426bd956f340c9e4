//! What a stop says of itself: the report, its exit code, and what was left behind.

use super::Course;
use super::notice::Notice;
use crate::lifecycle::Body;
use crate::reason::{Reason, Signal};
use crate::report::{Report, StepReport};
use crate::settings::ReportWhen;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::Instant;

impl Course {
    pub(crate) fn leave_behind(&self, what: String) {
        self.left_behind.lock().push(what);
    }

    /// The report of closes that have ended.
    fn of_the_closes(&self) -> Option<Report> {
        let &closed_at = self.closed_at.get()?;
        Some(self.report(closed_at))
    }

    /// The report of a stop that has come to its end; writes it too.
    pub(crate) fn conclude(&self) -> Option<Arc<Report>> {
        let lost = self.lost.load(Ordering::Relaxed);
        let report = match self.of_the_closes() {
            None if !lost => return None,
            report => Arc::new(report.unwrap_or_else(|| self.so_far())),
        };
        let shown = !matches!(report.reason, Reason::MainReturned | Reason::MainFailed(_))
            || !report.steps.is_empty();
        if shown {
            let news = lost
                || !report.is_clean()
                || matches!(report.reason, Reason::CriticalTask { .. })
                || !report.left_behind.is_empty()
                || self.settings.report == ReportWhen::Always;
            let to_stderr = news && !self.hosted;
            // Else nobody listens.
            if to_stderr || tracing::dispatcher::has_been_set() {
                self.narrator.say(Notice::Ended {
                    report: report.clone(),
                    to_stderr,
                });
            }
        }
        Some(report)
    }

    /// The report of a stop that has come to its end.
    pub(crate) fn final_report(&self) -> Report {
        self.of_the_closes().unwrap_or_else(|| self.so_far())
    }

    /// What is known now, where the process is ended, whatever the closes did.
    pub(super) fn snapshot(&self, forced_by: Option<Signal>) -> Report {
        let mut report = self.so_far();
        if let Some(signal) = forced_by {
            report.forced_by = forced_by;
            report.exit_code = signal.exit_code();
        }
        report
    }

    /// The report of the stop, or of what there is of it, with what became of `main` since.
    pub(super) fn so_far(&self) -> Report {
        let now = Instant::now();
        let closed = self.of_the_closes();
        let mut report = closed.unwrap_or_else(|| self.report(now));
        let too_late = self
            .lifecycle
            .stop()
            .is_some_and(|stop| now >= stop.deadline);
        report.deadline_passed |= too_late && self.lifecycle.body() != Body::Ended;
        report.exit_code = self.exit_code(&report);
        report
    }

    /// What has been on the board, and what still waits to be.
    fn steps(&self) -> Vec<StepReport> {
        let board = self.board.get();
        let mut steps = board.map(|board| board.report()).unwrap_or_default();
        for waiting in self.lifecycle.stack().names() {
            steps.push(StepReport::not_started(waiting));
        }
        steps
    }

    pub(super) fn report(&self, now: Instant) -> Report {
        let stop = self.lifecycle.stop();
        let began = stop.map_or(now, |stop| stop.began);
        let mut report = Report {
            reason: stop.map_or(Reason::MainReturned, |stop| (*stop.reason).clone()),
            forced_by: None,
            budget: self.settings.timeout,
            total: now.saturating_duration_since(began),
            steps: self.steps(),
            left_behind: self.left_behind.lock().clone(),
            main_overran: self.main_overran.load(Ordering::Relaxed),
            deadline_passed: false,
            exit_code: 0,
        };
        let unfinished = !report.is_clean() || self.lifecycle.body() != Body::Ended;
        report.deadline_passed = unfinished && stop.is_some_and(|stop| now >= stop.deadline);
        report.exit_code = self.exit_code(&report);
        report
    }

    /// What was asked for, else the reason's own code, else what went wrong, worst first.
    fn exit_code(&self, report: &Report) -> u8 {
        match (self.lifecycle.code(), report.reason.exit_code()) {
            (0, 0) if report.deadline_passed => 124,
            (0, 0) if !report.is_clean() || self.lost.load(Ordering::Relaxed) => 1,
            (0, code) | (code, _) => code,
        }
    }
}
