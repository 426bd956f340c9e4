//! The life of a process, as everybody in it can see it: its phase, why it ends, what is to be closed.

mod body;
mod codes;
mod critical;
mod current;
mod deferred;
mod handle;
mod phases;
mod stack;

/// Loom's in the models of `tests/loom`.
mod sync {
    pub(super) use std::sync::atomic::{AtomicU8, Ordering};
}

use crate::latch::Latch;
use crate::latch::wake;
use crate::later::later;
use crate::lock::{Lock, Locked};
use crate::phase::Phase;
use crate::reason::Reason;
pub(crate) use body::{Body, enter_body};
pub use critical::{Critical, critical};
pub use current::NoLifecycle;
pub(crate) use current::enter;
pub use deferred::Deferred;
pub use handle::{Handle, Requested, defer, exit, manage, request, requested};
use phases::Phases;
pub(crate) use stack::Entry;
use stack::Stack;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use sync::Ordering;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The moment the stop began, and what was settled then.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) reason: Arc<Reason>,
    pub(crate) began: Instant,
    pub(crate) deadline: Instant,
}

pub(crate) struct Lifecycle {
    phases: Phases,
    /// Notified when the phase has changed.
    moved: Notify,
    /// Opened with the last phase: no other one wakes the main thread.
    stopped: Latch,
    body: body::Standing,
    /// A state is handed over, and only then runs: a stop before that drops the start-up, whoever
    /// has asked.
    body_is_start_up: bool,
    /// Relaxed: set before any code of the user's runs.
    may_not_unwind: AtomicBool,
    requested: Latch,
    // A mutex: taken when a token is asked for, and when the stop begins. None where nobody asked.
    #[cfg(feature = "tokio-util")]
    token: Lock<Option<tokio_util::sync::CancellationToken>>,
    /// Whether anybody waits for the stop. Relaxed: whoever asks while the stop begins may be
    /// taken for either; nothing else is published by it.
    asked: AtomicBool,
    first_reason: OnceLock<Arc<Reason>>,
    reason_given: Latch,
    stop: OnceLock<Stop>,
    // A mutex: written once or twice in a life.
    codes: Lock<codes::Codes>,
    // A mutex: touched when something is registered, and when it is closed.
    stack: Lock<Stack>,
}

impl Lifecycle {
    pub(crate) fn new(body_is_start_up: bool) -> Arc<Self> {
        let lifecycle = Arc::new(Self {
            phases: Phases::new(),
            moved: Notify::new(),
            stopped: Latch::default(),
            body: body::Standing::default(),
            body_is_start_up,
            may_not_unwind: AtomicBool::new(cfg!(panic = "abort")),
            requested: Latch::default(),
            #[cfg(feature = "tokio-util")]
            token: Lock::default(),
            asked: AtomicBool::new(false),
            first_reason: OnceLock::new(),
            reason_given: Latch::default(),
            stop: OnceLock::new(),
            codes: Lock::default(),
            stack: Lock::default(),
        });
        current::register(&lifecycle);
        lifecycle
    }

    /// Nobody will ever close what was registered: it is dropped, and whoever waits for the stop is
    /// let go.
    pub(crate) fn abandon(&self) {
        self.forget();
        self.enter_phase(Phase::Stopped);
        // Dropped outside of the lock: what it holds may ask the life something.
        let left = self.stack().abandon();
        drop(left);
    }

    /// A task that unwinds takes the runtime with it.
    pub(crate) fn forbid_unwinding(&self) {
        self.may_not_unwind.store(true, Ordering::Relaxed);
    }

    pub(crate) fn may_unwind(&self) -> bool {
        !self.may_not_unwind.load(Ordering::Relaxed)
    }

    /// From here on it is nobody's current one but its own threads'.
    pub(crate) fn forget(&self) {
        current::forget(self);
    }

    /// Begins the stop, unless it has begun; whether it is this that begins it.
    pub(crate) fn request(&self, reason: Reason) -> bool {
        self.note_exit(&reason);
        let begins = self.first_reason.set(Arc::new(reason)).is_ok();
        if begins {
            self.reason_given.open();
        }
        begins
    }

    /// Resolves when the stop is to begin.
    pub(crate) async fn reason(&self) -> Arc<Reason> {
        self.reason_given.wait().await;
        let reason = self.first_reason.get();
        reason.expect("it is there before it is given").clone()
    }

    /// Whether a task has ended that the service can't do without, and nothing was made of it yet.
    pub(crate) fn may_follow_a_signal(&self) -> bool {
        let reason = self.first_reason.get().map(|reason| &**reason);
        matches!(reason, Some(Reason::CriticalTask { .. })) && self.stop.get().is_none()
    }

    /// Freezes the deadline. Called once.
    pub(crate) fn freeze(&self, reason: Arc<Reason>, budget: Duration) -> Stop {
        let began = Instant::now();
        let stop = Stop {
            reason,
            began,
            deadline: later(began, budget),
        };
        self.stop.get_or_init(|| stop).clone()
    }

    pub(crate) fn stop(&self) -> Option<&Stop> {
        self.stop.get()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phases.now()
    }

    /// Phases only go forward.
    #[inline(never)]
    pub(crate) fn enter_phase(&self, next: Phase) {
        self.phases.enter(next);
        if next >= Phase::Closing {
            self.requested.open();
            #[cfg(feature = "tokio-util")]
            {
                // Outside of the lock: whoever is woken may ask for a token.
                let token = self.token.lock().clone();
                if let Some(token) = token {
                    wake(|| token.cancel());
                }
            }
        }
        if next == Phase::Stopped {
            self.stopped.open();
        }
        wake(|| self.moved.notify_waiters());
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
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send {
        self.stopped.wait()
    }

    fn requested(&self) -> impl Future<Output = ()> + Send {
        self.requested.wait()
    }

    pub(crate) fn has_been_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) fn ask(&self) -> &Latch {
        self.asked.store(true, Ordering::Relaxed);
        &self.requested
    }

    /// Cancelled with the request.
    #[cfg(feature = "tokio-util")]
    pub(crate) fn token(&self) -> tokio_util::sync::CancellationToken {
        let requested = self.ask();
        let token = self.token.lock().get_or_insert_default().clone();
        // The stop finds it there, or has been seen.
        if requested.is_open() {
            token.cancel();
        }
        token.child_token()
    }

    pub(crate) fn stack(&self) -> Locked<'_, Stack> {
        self.stack.lock()
    }
}
