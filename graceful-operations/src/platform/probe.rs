//! A readiness probe, and how long it takes to fail.

use std::time::Duration;

/// A readiness probe, as the platform's manifest has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// `periodSeconds`
    pub period: Duration,
    /// `failureThreshold`
    pub failures: u32,
}

impl Probe {
    /// It is asked once in a `period` (`periodSeconds`), and fails after as many `failures` (`failureThreshold`).
    #[must_use]
    pub const fn new(period: Duration, failures: u32) -> Self {
        Self { period, failures }
    }

    /// How long a replica may be sent requests after it has said that it is not ready.
    pub(super) fn takes(self) -> Duration {
        self.period.saturating_mul(self.failures)
    }
}
