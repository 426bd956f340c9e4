//! What the program will go by where a file starts it: its plan, and the variables that the file sets.

use super::finding::{Finding, Place};
use crate::plan::{Facts, stop_signal, whole_seconds, written};
use std::time::Duration;

/// A program's plan, as a file has changed it.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) timeout: Duration,
    pub(super) delay: Duration,
    signals: Vec<String>,
    /// What a variable says that the platform gives.
    grace: Option<(Duration, Place)>,
}

impl Terms {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            timeout: facts.timeout,
            delay: facts.delay,
            signals: facts.signals.clone(),
            grace: None,
        }
    }

    /// Takes a variable of the environment in, as the program will.
    pub(super) fn set(&mut self, name: &str, value: &str, place: Place) -> Option<Finding> {
        const RULE: &str = "environment";
        // An empty one counts as not set.
        if value.is_empty() {
            return None;
        }
        if name == "GRACEFUL_PLAN" {
            let text = "with GRACEFUL_PLAN the program prints its plan and ends: it never serves";
            return Some(Finding::new(place, RULE, text, "leave it away"));
        }
        let target = match name {
            "GRACEFUL_TIMEOUT" => &mut self.timeout,
            "GRACEFUL_DELAY" => &mut self.delay,
            "GRACEFUL_GRACE" => &mut self.grace.insert((Duration::ZERO, place)).0,
            _ => return None,
        };
        let Ok(duration) = humantime::parse_duration(value) else {
            let text = format!("{name}={value:?} is no duration: the program does not start");
            return Some(Finding::new(place, RULE, text, "write it like `25s`"));
        };
        *target = duration;
        (self.delay >= self.timeout).then(|| {
            let text = format!(
                "the delay of {} leaves nothing of the timeout of {}: the program does not start",
                written(self.delay),
                written(self.timeout)
            );
            let fix = "set GRACEFUL_DELAY below GRACEFUL_TIMEOUT";
            Finding::new(place, RULE, text, fix)
        })
    }

    /// Whether what the platform waits is enough; it is set by a key, in seconds with this unit. `before` passes before the signal.
    pub(super) fn grace(
        &self,
        [key, unit]: [&str; 2],
        given: Duration,
        before: Duration,
        place: Place,
    ) -> Option<Finding> {
        let needed = before + self.timeout;
        if given >= needed {
            return self.said_grace(key, given);
        }
        let hook = if before.is_zero() {
            String::new()
        } else {
            format!("{} before the signal and ", written(before))
        };
        let stop = if self.delay.is_zero() {
            format!("{} for the stop", written(self.timeout))
        } else {
            let (timeout, delay) = (written(self.timeout), written(self.delay));
            format!("{timeout} for the stop, with its delay of {delay},")
        };
        let text = format!(
            "the platform kills after {}; {hook}{stop} need {}",
            written(given),
            written(needed)
        );
        let fix = format!("set {key} to {}{unit} or more", whole_seconds(needed));
        Some(Finding::new(place, "grace-period", text, fix))
    }

    fn said_grace(&self, key: &str, given: Duration) -> Option<Finding> {
        let (said, place) = self.grace.filter(|(said, _)| *said > given)?;
        let text = format!(
            "GRACEFUL_GRACE says that the platform waits {}, and it kills after {}",
            written(said),
            written(given)
        );
        let fix = format!("set it to {}, as {key}", written(given));
        Some(Finding::new(place, "environment", text, fix))
    }

    /// Whether the program takes the signal that the platform sends.
    pub(super) fn takes(&self, signal: &str, place: Place) -> Option<Finding> {
        let name = signal.to_ascii_uppercase();
        let name = name.strip_prefix("SIG").unwrap_or(&name);
        let number = |signal: &str| match signal {
            "SIGHUP" => "1",
            "SIGINT" => "2",
            "SIGQUIT" => "3",
            _ => "15",
        };
        let is_taken = self
            .signals
            .iter()
            .any(|taken| taken.strip_prefix("SIG") == Some(name) || number(taken) == name);
        (!is_taken).then(|| {
            let taken = self.signals.join(" and ");
            let text = format!("the platform sends {signal}, and the program takes {taken}: it would be cut, or go on");
            let fix = match stop_signal(&self.signals) {
                Some(name) => format!("write {name}"),
                None => "let the program take a signal: `signals(SIGTERM)`".to_owned(),
            };
            Finding::new(place, "stop-signal", text, fix)
        })
    }
}
