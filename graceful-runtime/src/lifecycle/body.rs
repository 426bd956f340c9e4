//! What is to become of `main`'s body.

use super::Lifecycle;
use crate::futures::Boxed;
use crate::latch::Latch;
use crate::lock::Lock;
use std::cell::Cell;
use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Runs,
    /// Dropped at its next chance.
    ToBeDropped,
    /// Returned, failed, panicked or dropped; what it handed over has been registered.
    Ended,
}

#[derive(Default)]
pub(super) struct BodyState {
    to_be_dropped: Latch,
    ended: Latch,
    // A mutex: taken once a poll of the body.
    last_polled: Lock<Option<Instant>>,
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

impl Lifecycle {
    pub(crate) fn body(&self) -> Body {
        if self.body.ended.is_open() {
            Body::Ended
        } else if self.body.to_be_dropped.is_open() {
            Body::ToBeDropped
        } else {
            Body::Runs
        }
    }

    pub(crate) fn body_is_start_up(&self) -> bool {
        self.body_is_start_up
    }

    /// Has it dropped at its next chance, unless it has ended.
    pub(crate) fn drop_body(&self) {
        self.body.to_be_dropped.open();
    }

    pub(crate) fn body_has_ended(&self) {
        self.body.ended.open();
    }

    /// Resolves when it is to be dropped.
    pub(crate) fn body_to_be_dropped(&self) -> Boxed<'_> {
        self.body.to_be_dropped.opened()
    }

    /// Resolves when it has ended.
    pub(crate) fn body_ended(&self) -> Boxed<'_> {
        self.body.ended.opened()
    }

    pub(crate) fn has_body_ended(&self) -> bool {
        self.body.ended.is_open()
    }

    /// It is about to be polled. In the machine's time: a paused clock says nothing of who is awake.
    pub(crate) fn body_is_polled(&self) {
        *self.body.last_polled.lock() = Some(Instant::now());
    }

    pub(crate) fn body_last_polled(&self) -> Option<Instant> {
        *self.body.last_polled.lock()
    }

    /// The body itself waits for the exit, and so will never end: where nothing can unwind.
    pub(super) fn give_up_body(&self) {
        if is_inside() {
            self.drop_body();
        }
    }
}
