//! What a stop is given before it begins, and what is settled when it does.

use crate::plan::set_aside;
use crate::reason::Reason;
use crate::settings::Settings;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What is known of a stop before it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// How long the whole may take; none where a host says so when it begins it.
    pub(crate) timeout: Option<Duration>,
    /// How long to go on serving after the reason is there.
    pub(crate) delay: Duration,
    /// What the last words have together, where the program says so.
    pub(crate) last_words: Option<Duration>,
}

impl Terms {
    /// A host begins the stop.
    pub(crate) const OF_HOST: Self = Self {
        timeout: None,
        delay: Duration::ZERO,
        last_words: None,
    };

    /// As a program was told.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            timeout: Some(settings.timeout),
            delay: settings.delay,
            last_words: settings.last_words,
        }
    }

    /// What is set aside for the last words of a stop that may take `timeout`.
    pub(crate) fn time_of_last_words(&self, timeout: Duration) -> Duration {
        let time = self.last_words;
        let time = time.unwrap_or_else(|| set_aside(timeout));
        // Of a timeout that was cut from outside the closes have at least half.
        time.min(timeout.saturating_sub(self.delay) / 2)
    }
}

/// The moment the stop began, and what was settled then.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) reason: Arc<Reason>,
    pub(crate) began: Instant,
    /// The same moment by the machine's clock.
    pub(crate) began_by_machine: std::time::Instant,
    /// Whether a state had been handed over.
    pub(crate) was_running: bool,
    /// How long to go on serving.
    pub(crate) delay: Duration,
    /// When everything has to be closed.
    pub(crate) deadline: Instant,
    /// When the whole has to have ended: later, where time is set aside for last words.
    pub(crate) end: Instant,
}
