//! The supervisor's own clock.

use crate::futures::Boxed;
use std::io;
use std::pin::Pin;
use tokio::runtime::{Builder, Handle, Runtime};

/// The supervisor's own small runtime: the clock of every limit.
pub(crate) struct Clock(Runtime);

impl Clock {
    /// # Errors
    ///
    /// If no descriptors are left for the signals.
    pub(crate) fn with_signals() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(Self)
    }

    /// Timers need no descriptor, which may be all taken.
    ///
    /// # Errors
    ///
    /// If tokio can't build it.
    pub(crate) fn without_signals() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build();
        runtime.map(Self)
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.handle().clone()
    }

    /// Runs `f` where its timers and signals are found.
    pub(super) fn enter<T>(&self, f: impl FnOnce() -> T) -> T {
        let _entered = self.0.enter();
        f()
    }

    pub(super) fn block_on(&self, mut future: Boxed<'_>) {
        let future: Pin<&mut dyn Future<Output = ()>> = future.as_mut();
        self.0.block_on(future);
    }
}
