//! A gate that opens once, and stays open.

use pin_project_lite::pin_project;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

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
    pub(crate) fn wait(&self) -> Wait<'_> {
        Wait {
            latch: self,
            // It notices from here on, polled or not: `notify_waiters` counts itself, which orders it
            // against the first look.
            opened: self.opened.notified(),
        }
    }
}

pin_project! {
    /// What [`Latch::wait`] returns. By hand, and its poll a call: everything here waits for some latch.
    pub(crate) struct Wait<'a> {
        latch: &'a Latch,
        #[pin]
        opened: Notified<'a>,
    }
}

impl Future for Wait<'_> {
    type Output = ();

    #[inline(never)]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        let wait = self.project();
        if wait.latch.is_open() {
            return Poll::Ready(());
        }
        wait.opened.poll(task)
    }
}
