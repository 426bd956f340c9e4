//! The stop, from its reason to the end of the main thread: as seen by the thread that nothing of the
//! user's can make late.

use super::log_event::LogEvent;
use super::log_thread::LogThread;
use super::publish::Publishing;
use super::registry::leave_signal;
use super::serving_body::Serving;
use crate::executor::Executor;
use crate::futures::{Boxed, both, either, ends_by};
use crate::latch::Latch;
use crate::lifecycle::{Lifecycle, Stop};
use crate::lock::Lock;
use crate::log::to_stderr;
use crate::phase::Phase;
use crate::reason::{Reason, Signal};
use crate::report::LeftBehind;
use crate::sequence::Sequence;
use crate::settings::Settings;
use crate::thread_state::current_thread;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{OnceCell, SetOnce};
use tokio::time::{Instant, sleep_until, timeout};

/// Whoever else listens to a signal may hear of it, and act on it, a moment before it is heard of here.
pub(super) const SIGNAL_GRACE: Duration = Duration::from_millis(30);

/// Of more closes than this the first line says only how many there are.
const LISTED: usize = 50;

/// Interval of the "still waiting" line.
const WAITING_LINE: Duration = Duration::from_secs(5);

/// Whoever has run for this long is a service, and may run for years: time to get ready for the stop.
const START_UP: Duration = Duration::from_millis(50);

/// What the log may take of the end, and standard output after it, where nobody reads them in time.
pub(crate) const LOG_FLUSH_BUDGET: Duration = Duration::from_millis(200);

/// What the main thread has for itself after the deadline, before the exit is forced.
pub(super) const EXIT_MARGIN: Duration = Duration::from_millis(20);

pub(crate) struct Supervisor {
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) settings: Settings,
    /// Of a body that serves by itself.
    pub(super) serving: Option<Serving>,
    /// A host owns standard error, and the signals.
    pub(super) is_hosted: bool,
    pub(super) log: Arc<LogThread>,
    pub(super) executor: Arc<Executor>,
    pub(super) sequence: OnceLock<Arc<Sequence>>,
    // A mutex, both: written once or twice in a stop.
    pub(super) abandoned: Lock<Vec<LeftBehind>>,
    pub(super) waited_for: Lock<Vec<String>>,
    // Relaxed, all: written by the supervisor, and read once the last phase has published them.
    pub(super) main_overran: AtomicBool,
    /// Closes were still to come when the total deadline passed.
    pub(super) is_cut: AtomicBool,
    pub(super) is_lost: AtomicBool,
    /// Relaxed, both: the main thread and a forced exit may come to say it at the same time, and one does.
    pub(super) report_is_logged: AtomicBool,
    pub(super) report_is_on_stderr: Arc<AtomicBool>,
    pub(super) publishing: Arc<Publishing>,
    /// What became of the body, where it was dropped: how many tasks were beside it.
    pub(super) main_dropped: OnceLock<usize>,
    /// How many tasks nobody waited for.
    pub(super) leaked_tasks: OnceLock<usize>,
    pub(super) closed_at: OnceLock<Instant>,
    /// When the main thread went on to what is said last.
    pub(super) runtime_ended: OnceLock<Instant>,
    pub(super) main_is_over: SetOnce<AfterMain>,
    pub(super) exit_has_begun: Latch,
    /// Done, or on their way.
    pub(super) last_words: OnceCell<()>,
    pub(super) last_sequence: OnceLock<Arc<Sequence>>,
    /// The exit code that is said before the last words: it stands, whatever comes of them.
    pub(super) said_code: OnceLock<u8>,
    /// Relaxed: set before the body's end is told.
    function_returns: AtomicBool,
    /// Relaxed: the supervisor's alone. A second signal ends the process: the main thread is not let go any more.
    pub(super) is_forced: AtomicBool,
    first_signal: SetOnce<Signal>,
    /// The second one, which cuts the stop.
    pub(super) forced_by: OnceLock<Signal>,
    /// The number of the thread that runs `main`, or the function.
    pub(super) main_thread: Option<u32>,
    /// Relaxed: the supervisor's alone. The signal had come before the body began, which can't have heard of it.
    pub(super) signal_came_before: AtomicBool,
}

/// What follows when the main thread is through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterMain {
    /// The process ends, with this code.
    Exit(u8),
    /// A function returns to its caller.
    Return,
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
            executor,
            serving: None,
            is_hosted: false,
            log: Arc::default(),
            sequence: OnceLock::new(),
            abandoned: Lock::default(),
            waited_for: Lock::default(),
            main_overran: AtomicBool::new(false),
            is_cut: AtomicBool::new(false),
            is_lost: AtomicBool::new(false),
            report_is_logged: AtomicBool::new(false),
            report_is_on_stderr: Arc::default(),
            publishing: Arc::default(),
            main_dropped: OnceLock::new(),
            leaked_tasks: OnceLock::new(),
            closed_at: OnceLock::new(),
            runtime_ended: OnceLock::new(),
            main_is_over: SetOnce::new(),
            exit_has_begun: Latch::new(),
            last_words: OnceCell::new(),
            last_sequence: OnceLock::new(),
            said_code: OnceLock::new(),
            function_returns: AtomicBool::new(false),
            is_forced: AtomicBool::new(false),
            first_signal: SetOnce::new(),
            forced_by: OnceLock::new(),
            main_thread: current_thread(),
            signal_came_before: AtomicBool::new(false),
        }
    }

    /// The same of a body that serves by itself, and does not only start up.
    pub(crate) fn serving(self, serving: Option<Serving>) -> Self {
        Self { serving, ..self }
    }

    /// Of a service inside a host.
    pub(crate) fn hosted(
        lifecycle: Arc<Lifecycle>,
        settings: Settings,
        executor: Arc<Executor>,
    ) -> Self {
        Self {
            is_hosted: true,
            ..Self::new(lifecycle, settings, executor)
        }
    }

    /// What it is about is a function, which has come to its end: its caller goes on.
    pub(crate) fn function_returns(&self) {
        self.function_returns.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_part(&self) -> bool {
        let returns = self.function_returns.load(Ordering::Relaxed);
        self.is_hosted || (returns && !self.lifecycle.exit_was_called())
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

    /// Lets the main thread go when this is dropped, also by a panic: without a supervisor nobody else would.
    pub(super) fn release_main_at_the_end(self: &Arc<Self>) -> impl Drop + use<> {
        struct Release(Arc<Supervisor>);
        impl Drop for Release {
            fn drop(&mut self) {
                let supervisor = &self.0;
                if std::thread::panicking() {
                    supervisor.is_lost.store(true, Ordering::Relaxed);
                    if supervisor.closed_at.get().is_none() {
                        to_stderr(
                            "its supervisor has panicked: nothing more is closed. Please report it",
                        );
                    }
                }
                supervisor.lifecycle.enter_phase(Phase::Stopped);
                supervisor.executor.finish();
                // Else the main thread says it.
                if !supervisor.is_lost.load(Ordering::Relaxed) {
                    supervisor.log.finish();
                }
            }
        }
        Release(self.clone())
    }

    pub(super) fn signals(&self) -> &[Signal] {
        &self.settings.signals
    }

    /// The main thread is through.
    pub(super) fn main_is_over(&self, after: AfterMain) {
        self.lifecycle.forget();
        // The first one counts: it comes once by itself, and once with the guard.
        let _ = self.main_is_over.set(after);
    }

    /// From here on nothing but exit handlers runs on the main thread.
    pub(super) fn exit_begins(&self) {
        self.exit_has_begun.open();
    }

    pub(super) fn main_ends(&self) -> Boxed<'_> {
        Box::pin(async {
            self.main_is_over.wait().await;
        })
    }

    pub(super) fn after_main(&self) -> Option<AfterMain> {
        self.main_is_over.get().copied()
    }

    pub(super) fn first_signal(&self, signal: Signal) {
        let explains = self.lifecycle.may_follow_a_signal();
        // A second one forces the exit, and does not come here.
        let _ = self.first_signal.set(signal);
        // Also where the stop has only been asked for, and nothing has happened yet.
        if !self.lifecycle.request(Reason::Signal(signal)) && !explains {
            self.log.enqueue(LogEvent::AlreadyStopping(signal));
            leave_signal(signal);
        }
    }

    /// From the reason to be there to the end of the process, or of the function.
    pub(super) async fn run(self: &Arc<Self>) {
        // Without a reason to stop, the main thread's end is one.
        let over = async {
            if !ends_by(Instant::now() + START_UP, self.main_ends()).await {
                self.make_ready();
                self.main_ends().await;
            }
        };
        either(Box::pin(self.stop()), Box::pin(over)).await;
        if self.closed_at.get().is_some() {
            self.watch_main(Instant::now()).await;
        }
        if let &AfterMain::Exit(code) = self.main_is_over.wait().await {
            self.watch_exit(code).await;
        }
    }

    /// Waits for the reason, and goes through the phases to the last step's end.
    pub(crate) async fn stop(self: &Arc<Self>) {
        self.lifecycle
            .begin_stop_within(self.reason().await, self.settings.timeout);
        let Some(stop) = self.lifecycle.stop() else {
            unreachable!("it has just begun")
        };
        let weak = Arc::downgrade(self);
        let so_far = move || weak.upgrade().map(|supervisor| supervisor.short_report());
        self.lifecycle.reporting().set_source(so_far);
        self.log_beginning(stop);
        let has_acted = Latch::new();
        let acts = async {
            self.act_at_request(stop).await;
            has_acted.open();
        };
        both(Box::pin(self.close(stop, &has_acted)), Box::pin(acts)).await;
        // Nobody else sets it.
        let _ = self.closed_at.set(Instant::now());
        self.count_leaked_tasks().await;
        // Relaxed: this thread's alone.
        if self.is_forced.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        self.end_with_last_words().await;
        self.lifecycle.enter_phase(Phase::Stopped);
    }

    /// From the delay to the end of the last close, of which none begins before `has_acted`.
    async fn close(self: &Arc<Self>, stop: &Stop, has_acted: &Latch) {
        if !stop.delay.is_zero() {
            self.delay(stop).await;
        }
        self.lifecycle.enter_phase(Phase::Closing);
        let by = stop.deadline + EXIT_MARGIN;
        let ends = async {
            self.end_body(stop).await;
            has_acted.opened().await;
            self.close_all(stop).await;
        };
        // What has not ended by then is in the report.
        if !ends_by(by, either(Box::pin(ends), Box::pin(self.log_waiting(stop)))).await {
            self.is_cut.store(true, Ordering::Relaxed);
        }
        self.lifecycle.refuse_closes();
    }

    /// What the stop is asked for, or the signal that is behind that.
    async fn reason(&self) -> Arc<Reason> {
        let asked = self.lifecycle.first_reason().await;
        if self.settings.signals.is_empty() || !self.lifecycle.may_follow_a_signal() {
            return asked;
        }
        match timeout(SIGNAL_GRACE, self.first_signal.wait()).await {
            Ok(&signal) => Arc::new(Reason::Signal(signal)),
            Err(_) => asked,
        }
    }

    /// Goes on serving.
    async fn delay(&self, stop: &Stop) {
        let over = stop.began + stop.delay;
        self.log.waits("the delay, still serving", stop.delay);
        if self.lifecycle.body_is_start_up() {
            sleep_until(over).await;
        } else {
            // It was `main` itself that served: its end ends the delay.
            ends_by(over, self.lifecycle.body_ended()).await;
        }
    }

    /// Closes what has been registered, then what was registered meanwhile, until nothing is left.
    async fn close_all(self: &Arc<Self>, stop: &Stop) {
        if self.lifecycle.stack().is_over() {
            return;
        }
        let sequence = self.sequence_of(stop);
        loop {
            // In one go: what comes in between is of the next round, with all that it asks for.
            let (acts, steps) = {
                let mut stack = self.lifecycle.stack();
                (self.acts(stop, &mut stack), stack.take())
            };
            if steps.is_empty() {
                return;
            }
            if let Some(late) = acts {
                self.act(stop, late).await;
            }
            sequence.close(steps, stop.deadline).await;
        }
    }

    /// The one sequence of this stop.
    pub(super) fn sequence_of(&self, stop: &Stop) -> &Arc<Sequence> {
        self.sequence.get_or_init(|| {
            Sequence::new(
                self.executor.clone(),
                stop.reason.clone(),
                self.log.clone(),
                self.lifecycle.limits().cloned(),
                #[cfg(feature = "test-util")]
                self.settings.faults.clone(),
            )
        })
    }

    fn log_beginning(&self, stop: &Stop) {
        let (closes, more) = {
            let stack = self.lifecycle.stack();
            (stack.names(LISTED), stack.len().saturating_sub(LISTED))
        };
        let is_asked_for = matches!(
            *stop.reason,
            Reason::Signal(_) | Reason::Requested(_) | Reason::CriticalTask { .. }
        );
        if closes.is_empty() && !is_asked_for {
            return; // as quiet as a program without graceful
        }
        self.log.enqueue(LogEvent::Began {
            reason: stop.reason.clone(),
            closes,
            more,
            budget: self.settings.timeout,
            delay: stop.delay,
            takes_signals: !self.settings.signals.is_empty(),
        });
    }

    /// Says every few seconds what is waited for; never ends.
    async fn log_waiting(&self, stop: &Stop) {
        let mut next = stop.began + WAITING_LINE;
        loop {
            sleep_until(next).await;
            next += WAITING_LINE;
            let now = Instant::now();
            let remaining = stop.deadline.saturating_duration_since(now);
            let to_stderr = !self.is_hosted;
            self.log.enqueue(match self.sequence.get() {
                Some(sequence) => LogEvent::Waiting {
                    root: sequence.root().clone(),
                    now,
                    remaining,
                    to_stderr,
                },
                None => LogEvent::WaitingForMain {
                    age: now - stop.began,
                    remaining,
                    to_stderr,
                },
            });
        }
    }

    /// The runtime is about to be ended: so long what blocks it is waited for.
    pub(crate) fn log_end_of_runtime(&self, limit: Duration) {
        self.log.waits("the runtime to end", limit);
    }

    pub(crate) fn abandon(&self, what: LeftBehind) {
        self.abandoned.lock().push(what);
    }

    /// Waits until everything has been said and handed on, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        let by = Instant::now() + limit;
        self.log.flush(limit);
        let left = by.saturating_duration_since(Instant::now());
        self.publishing.wait(left);
    }
}
