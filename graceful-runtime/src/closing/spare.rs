//! A small runtime of ours, for steps whose own does not answer.

use crate::erased::{small_runtime, start_thread};
use crate::latch::Latch;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::runtime::Handle;

/// Started when it is first needed, on a thread of its own.
#[derive(Default)]
pub(super) struct Spare {
    handle: OnceLock<Option<Handle>>,
    over: Arc<Latch>,
}

impl Spare {
    /// None where no thread or no runtime is to be had.
    pub(super) fn handle(&self) -> Option<Handle> {
        self.handle.get_or_init(|| self.start()).clone()
    }

    fn start(&self) -> Option<Handle> {
        // Without descriptors for I/O, timers are still to be had.
        let runtime = small_runtime(true).or_else(|_| small_runtime(false)).ok()?;
        let handle = runtime.handle().clone();
        let over = self.over.clone();
        let drive = move || {
            runtime.block_on(pin!(over.wait()));
            runtime.shutdown_timeout(Duration::ZERO);
        };
        start_thread("graceful-spare", drive).ok()?;
        Some(handle)
    }

    /// What still runs on it is cut.
    pub(super) fn end(&self) {
        self.over.open();
    }
}
