//! A gate that opens once, and stays open.

use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

#[derive(Default)]
pub(crate) struct Latch {
    is_open: AtomicBool,
    opened: Notify,
}

impl Latch {
    pub(crate) fn open(&self) {
        // Release, with the acquire below: whoever gets through sees what was done before.
        self.is_open.store(true, Ordering::Release);
        self.opened.notify_waiters();
    }

    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    /// Resolves when it is open.
    pub(crate) async fn wait(&self) {
        // It notices from here on, polled or not: `notify_waiters` counts itself, which orders it
        // against this.
        let opened = self.opened.notified();
        if !self.is_open() {
            opened.await;
        }
    }
}
