//! Signals, one after the other: which of them are one request, and how often the stop has been asked for.

use super::Signals;
use crate::reason::Signal;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Signals that follow each other this fast are one request: process managers and terminals
/// signal a whole group, and a wrapper (`npm`, `cargo run`) hands its own copy on.
const ONE_REQUEST: Duration = Duration::from_millis(250);

pub(crate) struct Escalation {
    signals: Signals,
    requests: u32,
    last: Option<Instant>,
}

impl Escalation {
    pub(crate) fn new(signals: Signals) -> Self {
        Self {
            signals,
            requests: 0,
            last: None,
        }
    }

    /// The next signal, counted or not.
    pub(crate) async fn next(&mut self) -> Signal {
        self.signals.next().await
    }

    /// Counts the one that has just come: which request it is, the first one being 1. None where it is a part of the last one.
    pub(crate) fn count(&mut self) -> Option<u32> {
        let now = Instant::now();
        if self
            .last
            .is_some_and(|last| now.duration_since(last) < ONE_REQUEST)
        {
            return None;
        }
        self.last = Some(now);
        self.requests += 1;
        Some(self.requests)
    }

    /// Waits for the next one that is no part of the last one.
    pub(crate) async fn next_request(&mut self) {
        let begin = Instant::now() + ONE_REQUEST;
        loop {
            self.next().await;
            if Instant::now() >= begin {
                return;
            }
        }
    }

    /// Waits for those that are a part of the last one.
    pub(crate) async fn request_is_over(&self) {
        sleep(ONE_REQUEST).await;
    }
}
