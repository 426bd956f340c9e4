//! A small runtime of ours, for tasks whose own runtime does not answer.

use crate::thread;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;

/// Started when it is first needed, on a thread of its own.
#[derive(Default)]
pub(super) struct Spare {
    handle: OnceLock<Option<Handle>>,
    end: Arc<Notify>,
}

impl Spare {
    /// None where no thread or no runtime is to be had.
    pub(super) fn handle(&self) -> Option<Handle> {
        self.handle.get_or_init(|| self.start()).clone()
    }

    fn start(&self) -> Option<Handle> {
        // Without descriptors for I/O, timers are still to be had.
        let with_io = Builder::new_current_thread().enable_all().build();
        let runtime = with_io
            .or_else(|_| Builder::new_current_thread().enable_time().build())
            .ok()?;
        let handle = runtime.handle().clone();
        let end = self.end.clone();
        let drive = move || {
            let ended: Pin<&mut dyn Future<Output = ()>> = pin!(end.notified());
            runtime.block_on(ended);
            runtime.shutdown_timeout(Duration::ZERO);
        };
        thread::start("graceful-spare", None, Box::new(drive)).ok()?;
        Some(handle)
    }

    /// What still runs on it is cut.
    pub(super) fn end(&self) {
        self.end.notify_one();
    }
}
