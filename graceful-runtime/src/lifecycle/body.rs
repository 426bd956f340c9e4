//! What is to become of `main`'s body.

use super::Lifecycle;
use std::cell::Cell;
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Runs,
    /// Dropped at its next chance.
    ToBeDropped,
    /// Returned, failed, panicked or dropped; what it handed over has been registered.
    Ended,
}

pub(super) struct Standing(watch::Sender<Body>);

impl Default for Standing {
    fn default() -> Self {
        Self(watch::Sender::new(Body::Runs))
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

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(self.0);
    }
}

impl Lifecycle {
    pub(crate) fn body(&self) -> Body {
        *self.body.0.borrow()
    }

    pub(crate) fn body_is_start_up(&self) -> bool {
        self.body_is_start_up
    }

    pub(crate) fn set_body(&self, next: Body) {
        self.body.0.send_if_modified(|body| {
            let forward = *body != Body::Ended && *body != next;
            if forward {
                *body = next;
            }
            forward
        });
    }

    pub(crate) async fn body_is(&self, wanted: Body) {
        // The sender is `self`, so the channel can't be closed.
        let _ = self.body.0.subscribe().wait_for(|now| *now == wanted).await;
    }

    /// The body itself waits for the exit, and so will never end: where nothing can unwind.
    pub(super) fn give_up_body(&self) {
        if INSIDE.get() {
            self.set_body(Body::ToBeDropped);
        }
    }
}
