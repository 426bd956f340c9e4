//! The state of one lifecycle: its phase, why it ends, what is to be closed.

use super::body::Body;
use super::codes::Codes;
use super::phases::Phases;
use super::reporting::Reporting;
use super::sections::Sections;
use super::stack::{Entry, Stack};
use super::terms::{Stop, Terms};
use crate::contained::contained;
use crate::futures::Boxed;
use crate::latch::{Latch, set};
use crate::lock::{Lock, Locked};
use crate::log::{self, Fields};
use crate::phase::Phase;
use crate::plan::Overrides;
use crate::reason::Reason;
use crate::settings::LONGEST;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Notify, SetOnce};
use tokio::time::Instant;

/// What is known of one lifecycle, by everybody in it.
pub(crate) struct Lifecycle {
    terms: Terms,
    /// Its number, to tell it from a child that was forked.
    pub(super) process: u32,
    /// Whose clock counts, where that is not the machine's.
    paused_clock: OnceLock<tokio::runtime::Handle>,
    phases: Phases,
    /// Notified when the phase has changed.
    moved: Notify,
    /// Everything has been closed.
    stopped: Latch,
    body: Body,
    /// Relaxed: set before any code of the user's runs.
    may_not_unwind: AtomicBool,
    /// Work is to end.
    requested: Latch,
    // A mutex: taken when a token is asked for, and when the stop begins. None where nobody asked.
    #[cfg(feature = "tokio-util")]
    token: Lock<Option<tokio_util::sync::CancellationToken>>,
    /// Why the stop begins: there before that has begun.
    first_reason: SetOnce<Arc<Reason>>,
    stop: OnceLock<Stop>,
    codes: Codes,
    /// Nothing can be registered any more. Relaxed: the stack's own word counts, and this only spares its lock,
    /// which a thread that registers in a tight loop would hold most of the time.
    refuses_closes: AtomicBool,
    // A mutex: touched where a section begins or ends that is not to be cut, and where the body is to be dropped.
    pub(super) sections: Lock<Sections>,
    // A mutex: touched when something is registered, and when it is closed.
    stack: Lock<Stack>,
    /// Set at the beginning, where there are some.
    pub(super) limits: OnceLock<Arc<dyn Overrides>>,
    reporting: Reporting,
}

impl Lifecycle {
    /// Current on its own threads alone: a test's, or a host's.
    pub(crate) fn new(body_is_start_up: bool, terms: Terms) -> Arc<Self> {
        Arc::new(Self {
            terms,
            process: std::process::id(),
            paused_clock: OnceLock::new(),
            phases: Phases::new(),
            moved: Notify::new(),
            stopped: Latch::new(),
            body: Body::new(body_is_start_up),
            may_not_unwind: AtomicBool::new(cfg!(panic = "abort")),
            requested: Latch::new(),
            #[cfg(feature = "tokio-util")]
            token: Lock::default(),
            first_reason: SetOnce::new(),
            stop: OnceLock::new(),
            codes: Codes::default(),
            refuses_closes: AtomicBool::new(false),
            sections: Lock::default(),
            stack: Lock::default(),
            limits: OnceLock::new(),
            reporting: Reporting::default(),
        })
    }

    /// Times are read from the clock of this runtime, which is paused. Called once, at the beginning.
    pub(crate) fn set_paused_clock(&self, runtime: tokio::runtime::Handle) {
        // Nobody else sets it.
        drop(self.paused_clock.set(runtime));
    }

    /// The time, by the clock that counts.
    pub(crate) fn now(&self) -> Instant {
        let _entered = self.paused_clock.get().map(tokio::runtime::Handle::enter);
        Instant::now()
    }

    /// Nobody will ever close what was registered: it is dropped, and whoever waits for the stop is
    /// let go.
    pub(crate) fn abandon(&self) {
        self.forget();
        self.enter_phase(Phase::Stopped);
        // Dropped outside of the lock: what it holds may ask the lifecycle something.
        let left = self.stack().abandon();
        if !left.is_empty() {
            let fields = Fields {
                steps: Some(left.len()),
                ..Fields::default()
            };
            let words = "an `Embedded` was dropped without `stop`: what it was handed is dropped without being closed";
            log::warn(&fields, words);
        }
        drop((left, self.reporting.take_hooks()));
    }

    /// A task that unwinds takes the runtime with it.
    pub(crate) fn forbid_unwinding(&self) {
        self.may_not_unwind.store(true, Ordering::Relaxed);
    }

    pub(crate) fn may_unwind(&self) -> bool {
        !self.may_not_unwind.load(Ordering::Relaxed)
    }

    /// Begins the stop, unless it has begun; whether it is this that begins it.
    ///
    /// On the next line of the caller the reason is there, and without a delay work is to end.
    pub(crate) fn request(&self, reason: Reason) -> bool {
        self.assert_not_forked();
        self.codes.note_exit(&reason);
        let may_follow_a_signal = may_follow_a_signal(&reason);
        let reason = Arc::new(reason);
        let begins = set(&self.first_reason, reason.clone());
        if begins {
            match self.terms.timeout {
                // It has no signals, and its host closes when it is ready to.
                None => self.work_is_to_end(),
                Some(_) if may_follow_a_signal => {}
                Some(_) => self.begin_stop(reason),
            }
        }
        begins
    }

    /// Resolves when the stop is to begin.
    pub(crate) async fn first_reason(&self) -> Arc<Reason> {
        self.first_reason.wait().await.clone()
    }

    /// Whether something has ended that may have heard of a signal, and nothing was made of it yet.
    pub(crate) fn may_follow_a_signal(&self) -> bool {
        let reason = self.first_reason.get().map(|reason| &**reason);
        reason.is_some_and(may_follow_a_signal) && self.stop.get().is_none()
    }

    /// Freezes the deadline, and goes on to the phases that follow at once.
    pub(crate) fn begin_stop(&self, reason: Arc<Reason>) {
        let timeout = self.terms.timeout.unwrap_or_default();
        self.begin_stop_within(reason, timeout);
    }

    /// The same, where a host says how long it may take.
    pub(crate) fn begin_stop_within(&self, reason: Arc<Reason>, timeout: Duration) {
        let began = self.now();
        // A host's may be any.
        let end = began + timeout.min(LONGEST);
        let set_aside = if self.stack().has_last_words() {
            self.terms.time_of_last_words(timeout)
        } else {
            Duration::ZERO
        };
        self.stop.get_or_init(|| Stop {
            delay: self.delay(&reason),
            reason,
            began,
            began_by_machine: std::time::Instant::now(),
            was_running: self.phase() >= Phase::Running,
            deadline: end - set_aside,
            end,
        });
        self.enter_phase(Phase::Draining);
        if self.stop.get().is_some_and(|stop| stop.delay.is_zero()) {
            self.enter_phase(Phase::Closing);
        }
    }

    /// How long to go on serving: not at all where nobody serves yet, or any more.
    fn delay(&self, reason: &Reason) -> Duration {
        // The state is handed over a moment before the body has ended.
        let is_starting =
            self.body.is_start_up() && !self.body.has_ended() && self.phase() < Phase::Running;
        if is_starting || !reason.waits_for_delay() {
            Duration::ZERO
        } else {
            self.terms.delay
        }
    }

    /// Why the stop began.
    pub(crate) fn reason(&self) -> Option<&Arc<Reason>> {
        if let Some(stop) = self.stop.get() {
            return Some(&stop.reason);
        }
        let is_to_end = self.requested.is_open();
        is_to_end.then(|| self.first_reason.get()).flatten()
    }

    pub(crate) fn stop(&self) -> Option<&Stop> {
        self.stop.get()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phases.now()
    }

    /// Phases only go forward.
    pub(crate) fn enter_phase(&self, next: Phase) {
        self.phases.enter(next);
        if next >= Phase::Closing {
            self.work_is_to_end();
        }
        if next == Phase::Stopped {
            self.stopped.open();
        }
        contained(|| self.moved.notify_waiters());
    }

    fn work_is_to_end(&self) {
        self.requested.open();
        #[cfg(feature = "tokio-util")]
        {
            // Outside of the lock: whoever is woken may ask for a token.
            let token = self.token.lock().clone();
            if let Some(token) = token {
                contained(|| token.cancel());
            }
        }
    }

    /// Resolves in this phase, or in a later one.
    pub(crate) async fn reaches(&self, phase: Phase) {
        loop {
            // It notices from here on, polled or not.
            let moved = self.moved.notified();
            if self.phase() >= phase {
                return;
            }
            moved.await;
        }
    }

    /// Resolves when everything has been closed.
    pub(crate) fn stopped(&self) -> Boxed<'_> {
        self.stopped.opened()
    }

    /// Resolves when work is to end.
    pub(crate) async fn requested(&self) {
        self.assert_not_forked();
        self.requested.wait().await;
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.assert_not_forked();
        self.requested.is_open()
    }

    /// Cancelled with the request.
    #[cfg(feature = "tokio-util")]
    pub(crate) fn token(&self) -> tokio_util::sync::CancellationToken {
        let token = self.token.lock().get_or_insert_default().clone();
        // The stop finds it there, or has been seen.
        if self.is_requested() {
            token.cancel();
        }
        token.child_token()
    }

    /// Registers it to be closed; gives it back where nothing will be closed any more.
    pub(crate) fn register(&self, entry: Entry) -> Result<u64, Box<Entry>> {
        self.assert_not_forked();
        if self.refuses_closes.load(Ordering::Relaxed) {
            return Err(Box::new(entry));
        }
        self.stack().push(entry)
    }

    /// The same for a last word.
    pub(crate) fn register_last_word(&self, entry: Entry) -> Result<u64, Box<Entry>> {
        self.assert_not_forked();
        self.stack().push_last_word(entry)
    }

    pub(crate) fn refuse_closes(&self) {
        self.refuses_closes.store(true, Ordering::Relaxed);
        self.stack().refuse();
    }

    /// What was known before it began to stop.
    pub(crate) fn terms(&self) -> Terms {
        self.terms
    }

    /// What becomes of `main`'s body.
    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// What the process is to end with.
    pub(crate) fn codes(&self) -> &Codes {
        &self.codes
    }

    pub(crate) fn reporting(&self) -> &Reporting {
        &self.reporting
    }

    pub(crate) fn stack(&self) -> Locked<'_, Stack> {
        self.stack.lock()
    }
}

/// Both a critical task and `main` may listen to the signals by themselves.
fn may_follow_a_signal(reason: &Reason) -> bool {
    matches!(reason, Reason::CriticalTask { .. } | Reason::MainReturned)
}
