//! Fields that close as they are told.

use graceful::{Context, Result};
use std::future::pending;
use std::time::Duration;
use tokio::time::sleep;

/// Says ten times how far it is.
pub(crate) struct Slow(pub(crate) Duration);

impl graceful::Shutdown for Slow {
    async fn shutdown(self, cx: Context) -> Result {
        for sent in 1..=10 {
            cx.progress(format!("sent {sent} of 10"));
            sleep(self.0 / 10).await;
        }
        Ok(())
    }
}

/// Never ends, and says nothing.
pub(crate) struct Hangs;

impl graceful::Shutdown for Hangs {
    async fn shutdown(self, _: Context) -> Result {
        pending().await
    }
}

pub(crate) struct Fails;

impl graceful::Shutdown for Fails {
    async fn shutdown(self, _: Context) -> Result {
        Err("connection reset by peer".into())
    }
}
