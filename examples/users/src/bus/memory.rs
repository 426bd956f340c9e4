//! A channel.

use graceful::Context;
use std::future::{Ready, ready};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

/// How many events a slow listener may be behind, before it misses some.
const BEHIND: usize = 1024;

#[derive(Clone, Debug)]
pub(crate) struct Bus(Sender<String>);

pub(crate) struct Events(Receiver<String>);

impl Bus {
    #[expect(clippy::unused_async, reason = "as the other bus")]
    pub(crate) async fn connect() -> anyhow::Result<Self> {
        Ok(Self(Sender::new(BEHIND)))
    }

    #[expect(clippy::unused_async, reason = "as the other bus")]
    pub(crate) async fn publish(&self, event: String) -> anyhow::Result<()> {
        // Nobody may listen.
        let _ = self.0.send(event);
        Ok(())
    }

    #[expect(clippy::unused_async, reason = "as the other bus")]
    pub(crate) async fn events(&self) -> anyhow::Result<Events> {
        Ok(Events(self.0.subscribe()))
    }

    /// There is nothing to close.
    #[expect(clippy::unused_self, reason = "as the other bus")]
    pub(crate) fn close(self, _cx: Context) -> Ready<()> {
        ready(())
    }
}

impl Events {
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            match self.0.recv().await {
                Ok(event) => return Some(event),
                Err(RecvError::Lagged(events)) => tracing::warn!(events, "missed"),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
