//! The supervisor: what it knows of one stop, for all that carry it out.

use super::findings::Findings;
use super::main_thread::MainThread;
use super::runtime_threads::RuntimeThreads;
use crate::executor::Executor;
use crate::lifecycle::{Lifecycle, Stop};
use crate::lock::{Lock, Locked};
use crate::logging::LogThread;
use crate::publishing::Publishing;
use crate::reason::{Reason, Signal};
use crate::report::LeftBehind;
use crate::sequence::{Observer, Sequence};
use crate::settings::{ReportWhen, Settings};
use crate::thread_state::WHILE_IT_WORKS;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{OnceCell, SetOnce};

/// What the log may take of the end, and after it the report's file and hooks, and standard output, where they are late.
pub(crate) const LOG_FLUSH_BUDGET: Duration = Duration::from_millis(200);

/// What each of them may take while it works and the deadline is far: with a second a report was lost at a load of 28.
pub(crate) const WHILE_IT_WORKS_AT_MOST: Duration = Duration::from_secs(5);

/// What the main thread has for itself after the deadline, before the exit is forced.
pub(crate) const EXIT_MARGIN: Duration = Duration::from_millis(20);

pub(crate) struct Supervisor {
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) settings: Settings,
    /// Of a body that serves by itself, and does not only start up.
    pub(crate) serving: Option<Serving>,
    pub(crate) runtime_threads: Arc<RuntimeThreads>,
    /// A service inside a host, which owns standard error and the signals.
    pub(crate) is_hosted: bool,
    pub(crate) executor: Arc<Executor>,
    pub(crate) log: Arc<LogThread>,
    pub(crate) publishing: Arc<Publishing>,
    /// That of the closes, once they have begun.
    pub(crate) sequence: OnceLock<Arc<Sequence>>,
    pub(crate) closing_last: ClosingLast,
    // A mutex: taken a few times in a stop, by the supervisor and by the main thread.
    found: Lock<Findings>,
    pub(crate) main_thread: MainThread,
    pub(crate) first_signal: SetOnce<Signal>,
}

/// What ends a body that serves by itself, and tells the sections that are waited for. Named where such a body is run, so
/// that a program whose `main` returns its state is not linked with it.
#[derive(Clone, Copy)]
#[allow(
    missing_debug_implementations,
    reason = "public only as what a kind of `main` gives, which nobody holds"
)]
pub struct Serving(pub(super) EndBody);

pub(super) type EndBody =
    for<'a> fn(&'a Supervisor, &'a Stop) -> Pin<Box<dyn Future<Output = Vec<String>> + Send + 'a>>;

/// How far the last words are.
#[derive(Default)]
pub(crate) struct ClosingLast {
    /// Done, or on its way.
    pub(crate) has_closed: OnceCell<()>,
    pub(crate) sequence: OnceLock<Arc<Sequence>>,
}

impl Supervisor {
    pub(crate) fn new(
        lifecycle: Arc<Lifecycle>,
        settings: Settings,
        executor: Arc<Executor>,
    ) -> Self {
        Self {
            lifecycle,
            settings,
            serving: None,
            runtime_threads: Arc::default(),
            is_hosted: false,
            executor,
            log: Arc::default(),
            publishing: Arc::default(),
            sequence: OnceLock::new(),
            closing_last: ClosingLast::default(),
            found: Lock::default(),
            main_thread: MainThread::current(),
            first_signal: SetOnce::new(),
        }
    }

    /// Whether the process goes on: it is about a function, or about a service inside a host.
    pub(crate) fn is_part(&self) -> bool {
        let returns = self.found().function_returns;
        self.is_hosted || returns && !self.lifecycle.codes().exit_was_called()
    }

    /// Whether standard error is there to be told something.
    pub(crate) fn tells_on_stderr(&self) -> bool {
        !self.is_hosted && self.settings.report != ReportWhen::Never
    }

    /// Starts, before it is needed, what a stop needs: a service that runs has the time for it.
    pub(crate) fn make_ready(&self) {
        if self.lifecycle.stop().is_some() {
            return;
        }
        self.log.make_ready();
        if !self.lifecycle.stack().is_empty() {
            self.executor.make_ready();
        }
    }

    /// The one sequence of this stop.
    pub(crate) fn sequence_of(&self, stop: &Stop) -> &Arc<Sequence> {
        let sequence = self.sequence.get_or_init(|| {
            let log = self.log.clone();
            self.sequence_for(self.executor.clone(), stop.reason.clone(), Some(log))
        });
        if self.found().is_forced {
            sequence.begin_no_more();
        }
        sequence
    }

    /// A new one, with the limits and the faults of this stop.
    pub(crate) fn sequence_for(
        &self,
        executor: Arc<Executor>,
        reason: Arc<Reason>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Arc<Sequence> {
        Sequence::new(
            executor,
            reason,
            observer,
            self.lifecycle.limits().cloned(),
            #[cfg(feature = "test-util")]
            self.settings.faults.clone(),
        )
    }

    pub(crate) fn abandon(&self, what: LeftBehind) {
        let left_behind = &mut self.found().left_behind;
        let is_known =
            |known: &LeftBehind| known.component == what.component && known.kind == what.kind;
        if !left_behind.iter().any(is_known) {
            left_behind.push(what);
        }
    }

    pub(crate) fn found(&self) -> Locked<'_, Findings> {
        self.found.lock()
    }

    /// Everything has been closed that is going to be.
    pub(crate) fn has_closed(&self) -> bool {
        self.found().closed_at.is_some()
    }

    /// Waits until everything has been said, but not longer than `limit`, or while the log [works](LogThread::works);
    /// and as long again until it has been handed on: a log that blocks takes no time from the record.
    pub(crate) fn flush(&self, limit: Duration) {
        let at_most = self.while_it_works();
        self.log.flush(limit, at_most);
        self.publishing.publish_what_is_left();
        self.publishing.wait(limit, at_most);
    }

    /// The same on a thread that may not block: what no thread was to be had for is left to the main one.
    pub(crate) fn wait_for_what_is_said(&self, limit: Duration) {
        let at_most = self.while_it_works();
        self.log.wait(limit, at_most);
        self.publishing.wait(limit, at_most);
    }

    fn while_it_works(&self) -> Duration {
        let stop = self.lifecycle.stop();
        let left = stop.map(|stop| stop.end.saturating_duration_since(self.lifecycle.now()));
        let at_most = left.unwrap_or_default();
        at_most.clamp(WHILE_IT_WORKS, WHILE_IT_WORKS_AT_MOST)
    }

    /// Whether the log or the record is late, and nothing holds it up.
    pub(crate) fn works(&self) -> bool {
        self.log.works() || self.publishing.works()
    }
}
