//! What is to become of `main`'s body.

use crate::futures::Boxed;
use crate::latch::Latch;
use crate::lock::Lock;
use std::cell::Cell;
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Instant;

/// `main`'s body, as far as the stop has to do with it.
pub(crate) struct Body {
    /// It hands over a state, which only then runs: a stop before that drops the body.
    is_start_up: bool,
    to_be_dropped: Latch,
    being_dropped: Latch,
    ended: Latch,
    polls: Arc<Polls>,
}

/// When the body was awake, and the waker that it is polled with.
#[derive(Default)]
struct Polls {
    // A mutex: taken twice a poll of the body, and once where it is woken.
    awake: Lock<Awake>,
}

#[derive(Default)]
struct Awake {
    /// In the machine's time: a paused clock says nothing of who is awake.
    last: Option<Instant>,
    is_polled: bool,
    task: Option<Waker>,
}

impl Wake for Polls {
    fn wake(self: Arc<Self>) {
        let task = {
            let mut awake = self.awake.lock();
            awake.last = Some(Instant::now());
            awake.task.clone()
        };
        // Outside of the lock: it may be an executor of the user's.
        if let Some(task) = task {
            task.wake();
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyStage {
    Runs,
    /// Dropped at its next chance.
    ToBeDropped,
    /// Returned, failed, panicked or dropped; what it handed over has been registered.
    Ended,
}

impl Body {
    pub(super) fn new(is_start_up: bool) -> Self {
        Self {
            is_start_up,
            to_be_dropped: Latch::new(),
            being_dropped: Latch::new(),
            ended: Latch::new(),
            polls: Arc::default(),
        }
    }

    pub(crate) fn is_start_up(&self) -> bool {
        self.is_start_up
    }

    pub(crate) fn stage(&self) -> BodyStage {
        if self.ended.is_open() {
            BodyStage::Ended
        } else if self.to_be_dropped.is_open() {
            BodyStage::ToBeDropped
        } else {
            BodyStage::Runs
        }
    }

    /// Has it dropped at its next chance, unless it has ended.
    pub(crate) fn request_drop(&self) {
        self.to_be_dropped.open();
    }

    /// Resolves when it is to be dropped.
    pub(crate) fn drop_requested(&self) -> Boxed<'_> {
        self.to_be_dropped.opened()
    }

    /// Nothing polls it any more, and what it held is dropped.
    pub(crate) fn drop_begins(&self) {
        self.being_dropped.open();
    }

    /// Whether it has been cut, and the drop of what it held goes on.
    pub(crate) fn is_being_dropped(&self) -> bool {
        self.being_dropped.is_open() && !self.has_ended()
    }

    pub(crate) fn set_ended(&self) {
        self.ended.open();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_open()
    }

    /// Resolves when it has ended.
    pub(crate) fn ended(&self) -> Boxed<'_> {
        self.ended.opened()
    }

    /// It is about to be polled for this task, with the waker that is returned: on a busy machine it is woken long before its
    /// thread runs.
    pub(crate) fn poll_begins(&self, task: &Waker) -> Waker {
        let mut awake = self.polls.awake.lock();
        awake.last = Some(Instant::now());
        awake.is_polled = true;
        match &mut awake.task {
            Some(known) => known.clone_from(task),
            None => awake.task = Some(task.clone()),
        }
        drop(awake);
        Waker::from(self.polls.clone())
    }

    pub(crate) fn poll_ends(&self) {
        let mut awake = self.polls.awake.lock();
        awake.last = Some(Instant::now());
        awake.is_polled = false;
    }

    /// When it was last woken, or polled.
    pub(crate) fn last_awake(&self) -> Option<Instant> {
        self.polls.awake.lock().last
    }

    /// Whether it is in the middle of a poll.
    pub(crate) fn is_polled(&self) -> bool {
        self.polls.awake.lock().is_polled
    }

    /// The body itself waits for the exit, and so will never end: where nothing can unwind.
    pub(super) fn give_up(&self) {
        if is_inside() {
            self.request_drop();
        }
    }
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, the thread polls the body.
pub(crate) struct Inside(bool);

pub(crate) fn enter_body() -> Inside {
    Inside(INSIDE.replace(true))
}

/// Whether this thread polls the body.
pub(super) fn is_inside() -> bool {
    INSIDE.get()
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(self.0);
    }
}
