//! The watchdog, which is fed only while the program's runtime answers.

use super::socket::tell;
use graceful_runtime::{Handle, Phase};
use sd_notify::NotifyState;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};

pub(super) struct Watchdog {
    /// Within this it has to be fed.
    limit: Duration,
    program: tokio::runtime::Handle,
}

impl Watchdog {
    /// As `WatchdogSec=` says; none where nobody watches.
    pub(super) fn of_environment(program: tokio::runtime::Handle) -> Option<Self> {
        let limit = sd_notify::watchdog_enabled()?;
        Some(Self { limit, program })
    }

    /// Never ends.
    pub(super) async fn keep_alive(self, lifecycle: Handle) {
        // As `sd_watchdog_enabled(3)` advises.
        let every = self.limit / 2;
        loop {
            let next = Instant::now() + every;
            if self.answers(next).await || is_stopping_in_time(&lifecycle) {
                tell(&[NotifyState::Watchdog]);
            }
            sleep_until(next).await;
        }
    }

    /// Whether the runtime runs a task by then.
    async fn answers(&self, by: Instant) -> bool {
        let task = self.program.spawn(async {});
        // A runtime that has ended cancels it.
        matches!(timeout_at(by, task).await, Ok(Ok(())))
    }
}

/// A stop has a deadline that holds though the runtime is blocked: killed by the watchdog it would close less.
fn is_stopping_in_time(lifecycle: &Handle) -> bool {
    let remaining = lifecycle.remaining();
    lifecycle.phase() >= Phase::Draining && remaining.is_none_or(|left| !left.is_zero())
}
