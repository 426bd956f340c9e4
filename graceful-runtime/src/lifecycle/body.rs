//! What is to become of `main`'s body.

use super::Lifecycle;
use crate::latch::Latch;
use std::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Runs,
    /// Dropped at its next chance.
    ToBeDropped,
    /// Returned, failed, panicked or dropped; what it handed over has been registered.
    Ended,
}

#[derive(Default)]
pub(super) struct Standing {
    to_be_dropped: Latch,
    ended: Latch,
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, the thread polls the body.
pub(crate) struct Inside(bool);

pub(crate) fn enter_body() -> Inside {
    Inside(INSIDE.replace(true))
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
    pub(crate) fn body_to_be_dropped(&self) -> impl Future<Output = ()> + Send {
        self.body.to_be_dropped.wait()
    }

    /// Resolves when it has ended.
    pub(crate) fn body_ended(&self) -> impl Future<Output = ()> + Send {
        self.body.ended.wait()
    }

    /// The body itself waits for the exit, and so will never end: where nothing can unwind.
    pub(super) fn give_up_body(&self) {
        if INSIDE.get() {
            self.drop_body();
        }
    }
}
