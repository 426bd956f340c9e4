//! What is known of one step, from the moment it is on the board to its line in the report.

use super::{CloseFuture, Ticket};
use crate::outcome::Outcome;
use crate::report::StepReport;
use crate::words::Seconds;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(super) struct Row {
    pub(super) parent: Option<usize>,
    pub(super) group: usize,
    pub(super) name: Arc<str>,
    transparent: bool,
    pub(super) standing: Standing,
    /// The limit that it declared.
    timeout: Option<Duration>,
    pub(super) limit: Option<Instant>,
    pub(super) progress: Option<String>,
    pub(super) nothing_to_close: bool,
    pub(super) began: Option<Instant>,
    /// What waits to be polled again.
    pub(super) parked: Option<CloseFuture>,
}

pub(super) enum Standing {
    /// Something that it waits for has not ended.
    Waiting,
    /// For the next thread that comes.
    Ready,
    Running {
        serial: u64,
        /// Its waker was called while it was polled.
        woken: bool,
    },
    /// It waits for its waker.
    Parked {
        serial: u64,
    },
    /// For the next thread that comes, to be polled again.
    Woken {
        serial: u64,
    },
    /// Its own steps are on the board.
    Delegated {
        group: usize,
    },
    Ended {
        outcome: Outcome,
        at: Instant,
    },
}

impl Row {
    #[inline]
    pub(super) fn new(
        parent: Option<usize>,
        group: usize,
        name: Arc<str>,
        transparent: bool,
        timeout: Option<Duration>,
    ) -> Self {
        Self {
            parent,
            group,
            name,
            transparent,
            standing: Standing::Waiting,
            timeout,
            limit: None,
            progress: None,
            nothing_to_close: false,
            began: None,
            parked: None,
        }
    }

    /// What the names of its own steps begin with.
    #[inline]
    pub(super) fn prefix(&self) -> Option<Arc<str>> {
        (!self.transparent).then(|| self.name.clone())
    }

    /// Under which serial a thread has it from now on: the one that its waker knows, once it has one.
    #[inline]
    pub(super) fn start(&mut self, serials: &mut u64, now: Instant) -> u64 {
        self.began.get_or_insert(now);
        let serial = if let Standing::Woken { serial } = self.standing {
            serial
        } else {
            *serials += 1;
            *serials
        };
        self.standing = Standing::Running {
            serial,
            woken: false,
        };
        serial
    }

    #[inline]
    pub(super) fn ticket(&self, row: usize, now: Instant) -> Ticket {
        Ticket {
            row,
            name: self.name.clone(),
            limit: self.limit.unwrap_or(now),
        }
    }

    /// For the observer. The state itself is no step that a person would look for.
    #[inline]
    pub(super) fn began_note(&self, now: Instant) -> Option<(Arc<str>, Duration)> {
        let limit = self.limit.unwrap_or(now);
        let note = || (self.name.clone(), limit.saturating_duration_since(now));
        (!self.transparent).then(note)
    }

    #[inline]
    pub(super) fn is_held_by(&self, lease: u64) -> bool {
        matches!(self.standing, Standing::Running { serial, .. } if serial == lease)
    }

    #[inline]
    pub(super) fn finish(&mut self, outcome: Outcome, at: Instant) {
        let outcome = match outcome {
            Outcome::Closed if self.nothing_to_close => Outcome::Skipped,
            outcome => outcome,
        };
        self.standing = Standing::Ended { outcome, at };
    }

    #[inline]
    pub(super) fn is_clean(&self) -> bool {
        matches!(&self.standing, Standing::Ended { outcome, .. } if outcome.is_clean())
    }

    /// For the observer, as [`began_note`](Row::began_note).
    #[inline]
    pub(super) fn ended_note(&self) -> Option<(Arc<str>, Outcome, Duration)> {
        match &self.standing {
            Standing::Ended { outcome, at } if !self.transparent => {
                Some((self.name.clone(), outcome.clone(), self.took(*at)))
            }
            _ => None,
        }
    }

    /// `db for 3.0 s of 5 s (flushing 3 of 10)`
    #[inline]
    pub(super) fn waited_for(&self, now: Instant) -> String {
        let began = self.began.unwrap_or(now);
        let limit = self.limit.map_or(Duration::ZERO, |limit| limit - began);
        let mut text = format!(
            "{} for {} of {}",
            self.name,
            Seconds(now - began, 1),
            Seconds(limit, 1)
        );
        if let Some(progress) = &self.progress {
            text.push_str(" (");
            text.push_str(progress);
            text.push(')');
        }
        text
    }

    #[inline]
    pub(super) fn took(&self, until: Instant) -> Duration {
        self.began.map_or(Duration::ZERO, |began| until - began)
    }

    /// Without its own steps.
    #[inline]
    fn report(&self, epoch: Instant, now: Instant) -> StepReport {
        let (outcome, until) = match &self.standing {
            Standing::Ended { outcome, at } => (outcome.clone(), *at),
            Standing::Waiting | Standing::Ready if self.began.is_none() => {
                (Outcome::NotStarted, now)
            }
            _ => (Outcome::Running, now),
        };
        StepReport {
            name: self.name.as_ref().to_owned(),
            outcome,
            timeout: self.timeout,
            limit: self
                .limit
                .zip(self.began)
                .map(|(limit, began)| limit.saturating_duration_since(began)),
            started: self.began.map(|began| began - epoch),
            took: self.took(until),
            progress: self.progress.clone(),
            steps: Vec::new(),
        }
    }
}

/// The rows as a tree. A transparent row gives way to its own steps, unless the fault is in itself.
#[inline]
pub(super) fn report(rows: &[Row], epoch: Instant, now: Instant) -> Vec<StepReport> {
    let mut reports = Vec::with_capacity(rows.len());
    for row in rows {
        reports.push(row.report(epoch, now));
    }
    let mut roots = Vec::new();
    // A step's own steps always stand behind it, so going backwards meets them first.
    for row in rows.iter().rev() {
        let Some(mut report) = reports.pop() else {
            break;
        };
        let own = &mut report.steps;
        let fault_is_below = own.iter().any(|step| !step.outcome.is_clean());
        let gives_way = row.transparent && !own.is_empty() && (row.is_clean() || fault_is_below);
        let siblings = match row.parent {
            Some(parent) => &mut reports[parent].steps,
            None => &mut roots,
        };
        // Last first, until all are there.
        if gives_way {
            siblings.append(own);
        } else {
            reverse(own);
            siblings.push(report);
        }
    }
    reverse(&mut roots);
    roots
}

#[inline(never)]
fn reverse(steps: &mut [StepReport]) {
    steps.reverse();
}
