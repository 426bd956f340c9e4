//! Signals by hand, for who has none of its own.

use std::io::Result;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Those that end a service.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on they no longer kill the process.
    ///
    /// # Errors
    ///
    /// If they can't be listened to.
    pub fn new() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one of them.
    pub async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
