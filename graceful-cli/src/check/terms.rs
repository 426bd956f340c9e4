//! What the program will go by where a file starts it: its plan, and the variables that the file sets.

use super::finding::{Finding, Place};
use crate::plan::{Facts, stop_signal, whole_seconds, written};
use std::time::Duration;

/// What the variable of a single field begins with.
const OF_FIELD: &str = "GRACEFUL_TIMEOUT_";

/// A program's plan, as a file has changed it.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) timeout: Duration,
    pub(super) delay: Duration,
    signals: Vec<String>,
    /// The variables that set the limits of its fields; none where no plan says which there are.
    fields: Vec<String>,
    /// What the program says that the platform gives, and what of that is its hook's.
    grace: Option<Duration>,
    pre_stop: Duration,
    /// What a variable says that the platform gives.
    said_grace: Option<(Duration, Place)>,
    /// The last variable of the whole stop.
    changed_at: Option<Place>,
}

impl Terms {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            timeout: facts.timeout,
            delay: facts.delay,
            signals: facts.signals.clone(),
            fields: facts.steps.iter().map(|name| variable(name)).collect(),
            grace: facts.grace,
            pre_stop: facts.pre_stop.unwrap_or_default(),
            said_grace: None,
            changed_at: None,
        }
    }

    /// Takes a variable of the environment in, as the program will.
    pub(super) fn set(&mut self, name: &str, value: &str, place: Place) -> Option<Finding> {
        // An empty one counts as not set.
        if value.is_empty() || !name.starts_with("GRACEFUL_") {
            return None;
        }
        let found = |text: String, fix: &str| Some(Finding::new(place, "environment", text, fix));
        let is_of_field = name.starts_with(OF_FIELD);
        match name {
            "GRACEFUL_TIMEOUT" | "GRACEFUL_DELAY" | "GRACEFUL_GRACE" => {}
            "GRACEFUL_REPORT_FILE" => return None,
            "GRACEFUL_PLAN" => {
                let text =
                    "with GRACEFUL_PLAN the program prints its plan and ends: it never serves";
                return found(text.to_owned(), "leave it away");
            }
            _ if is_of_field => {}
            _ => {
                let text = format!("`graceful` knows no {name}: it changes nothing");
                let fix = "known are GRACEFUL_TIMEOUT, GRACEFUL_DELAY, GRACEFUL_GRACE, GRACEFUL_REPORT_FILE, \
                           and GRACEFUL_TIMEOUT_ with the name of a field";
                return found(text, fix);
            }
        }
        let Some(duration) = as_the_program_reads(value) else {
            let text = format!("{name}={value:?} is no duration: the program does not start");
            return found(text, "write it like `25s`");
        };
        if duration.is_zero() && (is_of_field || name == "GRACEFUL_TIMEOUT") {
            let text = format!("{name} is zero: the program does not start");
            return found(text, "write it like `25s`, or leave it away");
        }
        match name {
            "GRACEFUL_TIMEOUT" => self.timeout = duration,
            "GRACEFUL_DELAY" => self.delay = duration,
            "GRACEFUL_GRACE" => {
                self.grace = Some(duration);
                self.said_grace = Some((duration, place));
            }
            _ if self.fields.iter().any(|field| field == name) => return None,
            _ => {
                // What is handed to `graceful::manage` is in no plan.
                let known = Some(self.fields.join(", ")).filter(|known| !known.is_empty())?;
                let text = format!("{name} names no field of the plan: the program does not start");
                return found(text, &format!("its fields have {known}"));
            }
        }
        self.changed_at = Some(place);
        None
    }

    /// Whether the program starts with all of them, in whichever order they are set.
    pub(super) fn refused(&self) -> Option<Finding> {
        let place = self.changed_at?;
        let found = |text, fix| Some(Finding::new(place, "environment", text, fix));
        let timeout = written(self.timeout);
        if self.delay >= self.timeout {
            let text = format!(
                "the delay of {} leaves nothing of the timeout of {timeout}: the program does not start",
                written(self.delay)
            );
            return found(text, "set GRACEFUL_DELAY below GRACEFUL_TIMEOUT");
        }
        let grace = self.grace?;
        if self.pre_stop.saturating_add(self.timeout) <= grace {
            return None;
        }
        let hook = match self.pre_stop {
            Duration::ZERO => String::new(),
            pre_stop => format!(", less {} for its hook", written(pre_stop)),
        };
        let text = format!(
            "the timeout of {timeout} is longer than what the program expects the platform to wait, {}{hook}: it does not start",
            written(grace)
        );
        found(
            text,
            "lower GRACEFUL_TIMEOUT, or say in GRACEFUL_GRACE how long the platform waits",
        )
    }

    /// Whether what the platform waits is enough; it is set by a key, in seconds with this unit. `before` passes before the signal.
    pub(super) fn grace(
        &self,
        [key, unit]: [&str; 2],
        given: Duration,
        before: Duration,
        place: Place,
    ) -> Option<Finding> {
        let needed = before.saturating_add(self.timeout);
        if given >= needed {
            return self.said_grace(key, given);
        }
        let (given, timeout) = (written(given), written(self.timeout));
        let delay = if self.delay.is_zero() {
            String::new()
        } else {
            format!(", its delay of {} included", written(self.delay))
        };
        let text = if before.is_zero() {
            format!("the platform kills after {given}, and the stop may take {timeout}{delay}")
        } else {
            format!(
                "the platform kills after {given}; {} before the signal and {timeout} for the stop{delay} need {}",
                written(before),
                written(needed)
            )
        };
        let fix = format!("set {key} to {}{unit} or more", whole_seconds(needed));
        Some(Finding::new(place, "grace-period", text, fix))
    }

    fn said_grace(&self, key: &str, given: Duration) -> Option<Finding> {
        let (said, place) = self.said_grace.filter(|(said, _)| *said > given)?;
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

/// Its grammar is humantime's, without fractions and months.
fn as_the_program_reads(value: &str) -> Option<Duration> {
    let mut units = value.split(|letter: char| !letter.is_alphabetic());
    let is_of_humantime =
        value.contains('.') || units.any(|unit| ["M", "month", "months"].contains(&unit));
    // It takes the Greek letter too.
    humantime::parse_duration(&value.trim().replace('\u{3bc}', "\u{b5}"))
        .ok()
        .filter(|_| !is_of_humantime)
}

/// That of the field: `GRACEFUL_TIMEOUT_QUEUE_CONSUMER` for `queue.consumer`, as the program has it.
fn variable(field: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || !letter.is_ascii() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    OF_FIELD.chars().chain(field.chars().map(letter)).collect()
}
