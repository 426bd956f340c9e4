//! A gate that opens once, and stays open.

use pin_project_lite::pin_project;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
        wake(|| self.opened.notify_waiters());
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

/// Wakes others: a waker may be that of an executor of the user's, and its panic is not ours.
pub(crate) fn wake(others: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(others)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Wake, Waker};

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("the executor is gone");
        }
    }

    #[test]
    fn a_waker_that_panics_does_not_keep_it_closed() {
        let latch = Latch::default();
        let mut wait = pin!(latch.wait());
        let waker = Waker::from(Arc::new(Panics));
        let mut task = Context::from_waker(&waker);
        assert!(wait.as_mut().poll(&mut task).is_pending());
        latch.open();
        assert!(wait.poll(&mut task).is_ready());
    }
}
