//! Where a thread sits while it carries out a step, so that the step can be taken from it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

#[derive(Debug, Default)]
pub(crate) struct Seat {
    /// The serial of the last lease that was taken away.
    cancelled: AtomicU64,
    // A mutex: touched once a poll by the thread, and once by whoever cancels.
    waker: Mutex<Option<Waker>>,
}

impl Seat {
    pub(super) fn cancel(&self, serial: u64) {
        // Release, with the acquire below: whoever sees it sees that the board has moved on. The
        // waker's mutex orders it against a thread that registers at the same moment.
        self.cancelled.store(serial, Ordering::Release);
        let waker = self
            .waker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether the step was taken away; else `waker` is woken when it is.
    pub(crate) fn is_cancelled(&self, lease: super::Lease, waker: &Waker) -> bool {
        {
            let mut registered = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
            if !registered.as_ref().is_some_and(|old| old.will_wake(waker)) {
                *registered = Some(waker.clone());
            }
        }
        self.cancelled.load(Ordering::Acquire) == lease.serial()
    }
}
