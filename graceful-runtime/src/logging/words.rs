//! In which words it is said.

use crate::duration::Written;
use crate::format::{Listing, Seconds};
use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::step_state::StepState;
use std::time::Duration;

pub(super) fn what_forces_the_exit(reason: &Reason) -> &'static str {
    match reason {
        Reason::Signal(Signal::Interrupt) => "; Ctrl-C again forces the exit",
        _ => "; a second signal forces the exit",
    }
}

/// `stopping after SIGTERM: closing http, db (25s at most, still serving for 5s)`
pub(super) fn began(
    reason: &Reason,
    closes: &[String],
    more: usize,
    budget: Duration,
    delay: Duration,
) -> String {
    let mut listed = closes.join(", ");
    if more > 0 {
        listed = format!("{listed}, and {more} more");
    }
    let closes = match &*listed {
        "" => listed,
        _ if reason.ends_in_words() => format!("; closing {listed}"),
        _ => format!(": closing {listed}"),
    };
    let delay = if delay.is_zero() {
        String::new()
    } else {
        format!(", still serving for {}", Written(delay))
    };
    let budget = Written(budget);
    format!("stopping after {reason}{closes} ({budget} at most{delay})")
}

/// `sockets: closed; 1 client did not answer the close`
pub(super) fn step_ended(step: &StepState, outcome: &Outcome) -> String {
    let words = format!("{}: {outcome}", step.name());
    match step.note() {
        Some(note) => format!("{words}; {note}"),
        None => words,
    }
}

pub(super) fn still_waiting(running: &[String], remaining: Duration) -> String {
    let running = Listing(running, ["step", "steps"]);
    let remaining = Seconds(remaining, 1);
    format!("still waiting for {running}; {remaining} are left")
}
