//! How far the main thread is, or the thread that runs an annotated function.

use crate::futures::Boxed;
use crate::latch::Latch;
use crate::thread_state::{ThreadState, current_thread};
use tokio::sync::SetOnce;

pub(crate) struct MainThread {
    number: Option<u32>,
    is_over: SetOnce<AfterMain>,
    /// From there on nothing but exit handlers runs on it.
    pub(crate) exit_has_begun: Latch,
}

/// What follows when it is through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterMain {
    /// The process ends, with this code.
    Exit(u8),
    /// A function returns to its caller.
    Return,
}

impl MainThread {
    /// The calling one.
    pub(super) fn current() -> Self {
        Self {
            number: current_thread(),
            is_over: SetOnce::new(),
            exit_has_begun: Latch::new(),
        }
    }

    /// What it is doing, where the system tells.
    pub(crate) fn state(&self) -> Option<ThreadState> {
        self.number.and_then(ThreadState::of)
    }

    /// It is through. The first word counts: it comes once by itself, and once with the guard.
    pub(crate) fn is_through(&self, after: AfterMain) {
        let _ = self.is_over.set(after);
    }

    pub(crate) fn after(&self) -> Option<AfterMain> {
        self.is_over.get().copied()
    }

    /// Resolves when it is through, with what follows.
    pub(crate) async fn over(&self) -> AfterMain {
        *self.is_over.wait().await
    }

    /// The same, of one type with what else is waited for.
    pub(crate) fn ends(&self) -> Boxed<'_> {
        Box::pin(async {
            self.over().await;
        })
    }
}
