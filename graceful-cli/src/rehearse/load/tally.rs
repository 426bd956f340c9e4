//! What became of all requests of one client: counts, from samples.

use super::{Outcome, Sample, Source};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The requests of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(in super::super) struct Tally {
    pub(in super::super) sent: usize,
    pub(in super::super) answered: usize,
    /// Turned away after the signal, when clients were to come no more.
    pub(in super::super) refused_after: usize,
    /// By how they failed.
    pub(in super::super) failed: BTreeMap<Outcome, usize>,
    /// The longest that an answer took.
    pub(in super::super) slowest_seconds: f64,
}

impl Tally {
    /// Of each kind; `came_until` is when the last client came that a refusal is a failure for.
    pub(in super::super) fn of(
        samples: &[Sample],
        came_until: Option<Instant>,
    ) -> BTreeMap<Source, Self> {
        let mut tallies = BTreeMap::<Source, Self>::new();
        for sample in samples {
            let tally = tallies.entry(sample.source).or_default();
            tally.sent += 1;
            let is_late = came_until.is_some_and(|until| sample.sent >= until);
            match sample.outcome {
                Outcome::Answered => {
                    tally.answered += 1;
                    let took = sample.took.as_secs_f64();
                    tally.slowest_seconds = tally.slowest_seconds.max(took);
                }
                Outcome::Refused if is_late => tally.refused_after += 1,
                outcome => *tally.failed.entry(outcome).or_default() += 1,
            }
        }
        tallies
    }

    /// How many failed.
    pub(in super::super) fn failures(&self) -> usize {
        self.failed.values().sum()
    }
}

/// When the first request after `signal` was refused, from then on.
pub(in super::super) fn refuses_after(samples: &[Sample], signal: Instant) -> Option<Duration> {
    let refused = samples
        .iter()
        .filter(|sample| sample.outcome == Outcome::Refused && sample.sent >= signal);
    refused.map(|sample| sample.sent - signal).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_failure_only_while_clients_come() {
        let signal = Instant::now();
        let sample = |at: u64, outcome| Sample {
            source: Source::New,
            sent: signal + Duration::from_millis(at),
            took: Duration::from_millis(at),
            outcome,
        };
        let samples = [
            sample(0, Outcome::Answered),
            sample(10, Outcome::Refused),
            sample(20, Outcome::Refused),
            sample(30, Outcome::Reset),
        ];
        let until = |millis| Some(signal + Duration::from_millis(millis));
        let failed = |until| Tally::of(&samples, until)[&Source::New].failures();
        assert_eq!(
            [failed(None), failed(until(15)), failed(until(0))],
            [3, 2, 1]
        );
        let tally = &Tally::of(&samples, until(0))[&Source::New];
        assert_eq!((tally.sent, tally.answered, tally.refused_after), (4, 1, 2));
        assert_eq!(
            refuses_after(&samples, signal),
            Some(Duration::from_millis(10))
        );
    }
}
