//! What a stop says of itself: the report and its exit code.

use super::supervisor::Supervisor;
use crate::format::Seconds;
use crate::logging::LogEvent;
use crate::publishing::write_record;
use crate::reason::{Reason, Signal};
use crate::report::{Cause, CauseKind, Ends, FORCED_BY_DEADLINE, LeftBehind, Report, StepReport};
use crate::settings::{LeakedTasks, ReportWhen};
use crate::step_state::Room;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;
use tokio::time::Instant;

/// As many steps as an exit that can't wait reports.
const SHORT: usize = 1000;

/// As many as a process reports at its end, which has a deadline too.
const OF_PROCESS: usize = 10_000;

impl Supervisor {
    /// The report of a stop that has come to its end; none where nothing happened. Has it said too.
    pub(crate) fn conclude(&self) -> Option<Arc<Report>> {
        let is_lost = self.found().is_lost;
        if !is_lost && !self.has_closed() {
            return None;
        }
        // Of a function that returns it names no exit code, which is up to its caller.
        let ends = if self.is_part() {
            Ends::Part
        } else {
            self.ends()
        };
        let mut report = self.report(OF_PROCESS);
        if self.settle_code(report.exit_code) != report.exit_code {
            // A second signal has come meanwhile, and the process ends with what that says.
            report = self.report(OF_PROCESS);
        }
        let report = Arc::new(Report { ends, ..report });
        self.publish(&report);
        if self.is_as_quiet_as_any(&report) {
            return Some(report);
        }
        let is_news = is_lost
            || !report.is_clean()
            || matches!(report.reason, Reason::CriticalTask { .. })
            || !report.left_behind.is_empty()
            || self.settings.report == ReportWhen::Always;
        let to_stderr = is_news && self.tells_on_stderr();
        // Else nobody listens.
        if to_stderr || tracing::dispatcher::has_been_set() {
            let on_stderr = to_stderr.then(|| self.publishing.on_stderr.clone());
            self.log_report(&report, on_stderr);
        }
        Some(report)
    }

    /// Of a program that has come to its end by itself, and closed nothing, nothing is said.
    fn is_as_quiet_as_any(&self, report: &Report) -> bool {
        let ended_by_itself = matches!(report.reason, Reason::MainReturned | Reason::MainFailed(_));
        let has_leaks = report.leaks_are_unclean && report.leaked_tasks > 0;
        // Who has something to close when all is said wants to have it said.
        ended_by_itself && report.steps.is_empty() && !has_leaks && self.last_words().is_none()
    }

    /// Has it said; nothing is said behind it, it a second time neither.
    pub(crate) fn log_report(&self, report: &Arc<Report>, on_stderr: Option<Arc<OnceLock<()>>>) {
        let report = report.clone();
        self.log.enqueue(LogEvent::Ended { report, on_stderr });
    }

    /// What is known now, whether or not the closes have ended.
    pub(crate) fn report_now(&self) -> Report {
        self.report(usize::MAX)
    }

    /// The same, of so many steps at most: for an exit that can't wait.
    pub(crate) fn short_report(&self) -> Report {
        self.report(SHORT)
    }

    fn report(&self, most_steps: usize) -> Report {
        let now = self.lifecycle.now();
        let stop = self.lifecycle.stop();
        let began = stop.map_or(now, |stop| stop.began);
        let found = self.found().clone();
        let ended = found.closed_at.unwrap_or(now);
        let mut room = Room::new(most_steps);
        let mut steps = Vec::new();
        for (sequence, until) in [(&self.sequence, ended), (&self.closing_last.sequence, now)] {
            if let Some(sequence) = sequence.get() {
                steps.extend(sequence.root().report_steps(began, until, &mut room));
            }
        }
        let (waiting, more) = {
            let stack = self.lifecycle.stack();
            (stack.names(SHORT), stack.len().saturating_sub(SHORT))
        };
        steps.extend(waiting.into_iter().map(StepReport::not_started));
        let main_overran =
            |left: &LeftBehind| (left.component, left.kind) == ("main", CauseKind::TimedOut);
        let mut report = Report {
            reason: stop.map_or(Reason::MainReturned, |stop| (*stop.reason).clone()),
            forced_by: found.forced_by,
            // A calendar that was set back further than it has run has no such day.
            began_at: SystemTime::now()
                .checked_sub(now.saturating_duration_since(began))
                .unwrap_or(SystemTime::UNIX_EPOCH),
            budget: self.settings.timeout,
            total: now.saturating_duration_since(began),
            steps,
            omitted_steps: room.omitted + more,
            omitted_unclean: room.omitted_unclean + more,
            waited_for: found.waited_for,
            main_overran: found.left_behind.iter().any(main_overran),
            main_dropped: found.main_dropped,
            left_behind: found.left_behind,
            leaked_tasks: found.leaked_tasks,
            leaks_are_unclean: self.settings.leaked_tasks == LeakedTasks::Fail,
            faults: self.lifecycle.codes().faults(),
            closing_threads_exhausted: self.executor.exhausted(),
            deadline_passed: false,
            #[cfg(feature = "test-util")]
            in_paused_time: self.settings.faults.paused,
            #[cfg(not(feature = "test-util"))]
            in_paused_time: false,
            exit_code: 0,
            ends: self.ends(),
        };
        if found.is_lost {
            let why = "a bug of graceful's: please report it";
            let lost = Cause::new("supervisor", CauseKind::Panicked, why);
            report.faults.push(lost);
        }
        if report.forced_by.is_some() && stop.is_some() {
            let cut = self.cut_by_a_signal(&report.left_behind, now);
            report.left_behind.extend(cut);
        }
        let is_late = |at: Instant| stop.is_some_and(|stop| at >= stop.deadline);
        report.deadline_passed = found.is_cut
            || is_late(ended) && !report.is_clean()
            || is_late(now) && !self.lifecycle.body().has_ended();
        report.exit_code = match found.said_code {
            Some(said) => said,
            None => self.exit_code(&report, found.is_lost),
        };
        report
    }

    /// What a second signal has cut, beside the steps, unless that is in `known`.
    fn cut_by_a_signal(&self, known: &[LeftBehind], now: Instant) -> Option<LeftBehind> {
        let (component, what) = if !self.lifecycle.body().has_ended() {
            let advice = self.why_it_goes_on();
            ("main", format!("`main`, which had not ended{advice}"))
        } else if self.ends_runtime() {
            let closed = self.found().closed_at.unwrap_or(now);
            let since = Seconds(now.saturating_duration_since(closed), 3);
            // The end of any runtime takes a moment: so it need not be that.
            let what = format!(
                "the runtime, which had not ended {since} after the closes: blocking work or a blocked task may hold it up"
            );
            ("blocking_work", what)
        } else {
            return None;
        };
        let is_known = known.iter().any(|left| left.component == component);
        (!is_known).then(|| LeftBehind::new(component, CauseKind::StillRunning, what))
    }

    /// Everything is closed, the last words too where there are some, and the main thread waits for what blocks the runtime.
    fn ends_runtime(&self) -> bool {
        let last = &self.closing_last;
        let closes_last = last.sequence.get().is_some() && !last.has_closed.initialized();
        self.has_closed() && !closes_last && self.found().runtime_ended.is_none()
    }

    fn ends(&self) -> Ends {
        match self.dies_of() {
            _ if self.is_hosted => Ends::Part,
            Some(signal) => Ends::OfSignal(signal),
            None => Ends::Process,
        }
    }

    /// The exit code that is said: this one, unless it was settled before.
    pub(crate) fn settle_code(&self, code: u8) -> u8 {
        *self.found().said_code.get_or_insert(code)
    }

    /// What was asked for, else the reason's own code, else what went wrong, worst first.
    fn exit_code(&self, report: &Report, is_lost: bool) -> u8 {
        // As a shell shows it.
        if let Some(signal) = self.dies_of().or(report.forced_by) {
            return signal.exit_code();
        }
        match (self.lifecycle.codes().code(), report.reason.exit_code()) {
            (0, 0) if report.deadline_passed => FORCED_BY_DEADLINE,
            (0, 0) if !report.is_clean() || is_lost => 1,
            (0, 0) if matches!(report.reason, Reason::CriticalTask { .. }) => 1,
            (0, 0) if report.main_dropped => match report.reason {
                // As when the signal killed it.
                Reason::Signal(signal) => signal.exit_code(),
                _ => 0,
            },
            (0, code) | (code, _) => code,
        }
    }

    /// The signal that the process is to die of, where that began the stop and was chosen. A code that the program asked for
    /// counts more, and a panic's.
    pub(crate) fn dies_of(&self) -> Option<Signal> {
        let stop = self.lifecycle.stop()?;
        match *stop.reason {
            Reason::Signal(signal) if self.settings.die_of.is_some() => {
                let is_asked_for = self.lifecycle.codes().exit_was_called()
                    || self.lifecycle.codes().main_has_panicked();
                (!is_asked_for).then_some(signal)
            }
            _ => None,
        }
    }

    /// Hands it on, once, to its file and to whoever asked for it.
    pub(crate) fn publish(&self, report: &Arc<Report>) {
        let reporting = self.lifecycle.reporting();
        self.publishing
            .hand_on(report, self.report_file(), reporting, &self.log);
    }

    /// A record more, where the process ends with another code than the one that was said: what runs behind `main` does
    /// not return.
    pub(crate) fn correct_record(&self, code: u8) {
        // Without a stop there was no record.
        let (Some(file), Some(_)) = (self.report_file(), self.lifecycle.stop()) else {
            return;
        };
        let what = "an exit handler, or a destructor of the main thread's locals";
        let thread = self.main_thread.state();
        self.abandon(LeftBehind::blocked("exit_handler", what, thread.as_ref()));
        let report = self.short_report();
        let report = Report {
            exit_code: code,
            // Else there was time until then.
            deadline_passed: report.forced_by.is_none(),
            ..report
        };
        write_record(&file, &report);
    }

    fn report_file(&self) -> Option<PathBuf> {
        let file = self.settings.report_file.clone();
        file.filter(|_| !self.is_hosted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Executor;
    use crate::lifecycle::{Handle, Lifecycle, Terms};
    use crate::settings::Settings;
    use crate::tests::life;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;
    use tokio::runtime::Builder;

    /// The main thread and a forced exit come to it at the same time, and each ends the process when it has waited.
    #[test]
    fn who_has_waited_for_the_report_to_be_published_ends_no_process_before_a_hook() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let report = Arc::new(life(async {}).1);
        for round in 0..10_000 {
            let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
            let executor = Executor::in_runtime(runtime.handle().clone());
            let supervisor = Supervisor::new(lifecycle.clone(), Settings::default(), executor);
            let is_given = Arc::new(AtomicBool::new(false));
            let gives = is_given.clone();
            Handle::new(lifecycle).on_report(move |_| gives.store(true, Ordering::SeqCst));
            let both = Barrier::new(2);
            let publish = || {
                both.wait();
                supervisor.publish(&report);
                let limit = Duration::from_secs(60);
                supervisor.publishing.wait(limit, limit);
                is_given.load(Ordering::SeqCst)
            };
            let were_given = thread::scope(|scope| {
                let threads = [scope.spawn(publish), scope.spawn(publish)];
                threads.map(|thread| thread.join().expect("it does not panic"))
            });
            assert_eq!(were_given, [true, true], "round {round}");
        }
    }
}
