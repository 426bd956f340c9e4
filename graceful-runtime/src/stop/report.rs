//! What a stop says of itself: the report and its exit code.

use super::log_event::LogEvent;
use super::supervisor::Supervisor;
use crate::lifecycle::Body;
use crate::reason::{Reason, Signal};
use crate::report::{Report, StepReport};
use crate::settings::ReportWhen;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::Instant;

impl Supervisor {
    /// The report of a stop that has come to its end; none where nothing happened. Has it said too.
    pub(crate) fn conclude(&self) -> Option<Arc<Report>> {
        let is_lost = self.is_lost.load(Ordering::Relaxed);
        if self.closed_at.get().is_none() && !is_lost {
            return None;
        }
        let report = Arc::new(self.report_now(None));
        let ended_by_main = matches!(report.reason, Reason::MainReturned | Reason::MainFailed(_));
        if !ended_by_main || !report.steps.is_empty() {
            let is_news = is_lost
                || !report.is_clean()
                || matches!(report.reason, Reason::CriticalTask { .. })
                || !report.left_behind.is_empty()
                || self.settings.report == ReportWhen::Always;
            let to_stderr = is_news && !self.is_hosted;
            // Else nobody listens.
            if to_stderr || tracing::dispatcher::has_been_set() {
                self.log.enqueue(LogEvent::Ended {
                    report: report.clone(),
                    to_stderr,
                });
            }
        }
        Some(report)
    }

    /// What is known now, whether or not the closes have ended.
    pub(crate) fn report_now(&self, forced_by: Option<Signal>) -> Report {
        let now = Instant::now();
        let stop = self.lifecycle.stop();
        let began = stop.map_or(now, |stop| stop.began);
        let ended = self.closed_at.get().copied().unwrap_or(now);
        let mut report = Report {
            reason: stop.map_or(Reason::MainReturned, |stop| (*stop.reason).clone()),
            forced_by,
            budget: self.settings.timeout,
            total: ended.saturating_duration_since(began),
            steps: self.steps(began, ended),
            left_behind: self.abandoned.lock().clone(),
            main_overran: self.main_overran.load(Ordering::Relaxed),
            main_dropped: self.main_dropped.get().is_some(),
            closing_threads_exhausted: self.executor().and_then(|executor| executor.exhausted()),
            deadline_passed: false,
            exit_code: 0,
        };
        let is_late = |at: Instant| stop.is_some_and(|stop| at >= stop.deadline);
        let has_body_ended = self.lifecycle.body() == Body::Ended;
        report.deadline_passed =
            is_late(ended) && !report.is_clean() || is_late(now) && !has_body_ended;
        report.exit_code = self.exit_code(&report);
        report
    }

    /// The code alone: the steps of a report may be many.
    pub(super) fn exit_code_now(&self, forced_by: Option<Signal>) -> u8 {
        match forced_by {
            Some(signal) => signal.exit_code(),
            None => self.report_now(None).exit_code,
        }
    }

    /// What has begun, and what still waits to.
    fn steps(&self, epoch: Instant, now: Instant) -> Vec<StepReport> {
        let sequence = self.sequence.get();
        let mut steps = sequence.map_or_else(Vec::new, |sequence| {
            sequence.root().report_steps(epoch, now)
        });
        let waiting = self.lifecycle.stack().names();
        steps.extend(waiting.into_iter().map(StepReport::not_started));
        steps
    }

    /// What was asked for, else the reason's own code, else what went wrong, worst first.
    fn exit_code(&self, report: &Report) -> u8 {
        if let Some(signal) = report.forced_by {
            return signal.exit_code();
        }
        match (self.lifecycle.code(), report.reason.exit_code()) {
            (0, 0) if report.deadline_passed => 124,
            (0, 0) if !report.is_clean() || self.is_lost.load(Ordering::Relaxed) => 1,
            (0, 0) if report.main_dropped => match report.reason {
                // As when the signal killed it.
                Reason::Signal(signal) => signal.exit_code(),
                _ => 0,
            },
            (0, code) | (code, _) => code,
        }
    }
}
