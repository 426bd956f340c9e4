//! What the metrics are called, and what is said of them.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use std::time::Duration;

/// With the program's prefix.
pub(super) struct Names {
    pub(super) ready: String,
    pub(super) phase: String,
    pub(super) in_flight: String,
    pub(super) websockets: String,
    pub(super) budget: String,
    pub(super) duration: String,
    pub(super) errors: String,
    pub(super) left: String,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        let name = |name: &str| match prefix {
            "" => name.to_owned(),
            _ => format!("{prefix}_{name}"),
        };
        Self {
            ready: name("ready"),
            phase: name("phase"),
            in_flight: name("shutdown_inflight"),
            websockets: name("websockets_open"),
            budget: name("shutdown_budget_seconds"),
            duration: name("shutdown_duration_seconds"),
            errors: name("shutdown_errors_total"),
            left: name("shutdown_left"),
        }
    }

    pub(super) fn describe(&self) {
        let Self {
            ready,
            phase,
            in_flight,
            websockets,
            budget,
            duration,
            errors,
            left,
        } = self;
        describe_gauge!(ready.clone(), "1 while the service takes work");
        describe_gauge!(phase.clone(), "1 for the phase in which the process stands");
        describe_gauge!(in_flight.clone(), "Work in flight");
        describe_gauge!(websockets.clone(), "Open WebSockets");
        describe_gauge!(
            budget.clone(),
            Unit::Seconds,
            "How long the stop may take at most"
        );
        describe_histogram!(duration.clone(), Unit::Seconds, "How long the stop took");
        describe_counter!(errors.clone(), "What went wrong in the stop");
        describe_gauge!(
            left.clone(),
            "How much was in flight when its step did not close"
        );
    }
}

/// The upper bounds of the buckets of `<prefix>_shutdown_duration_seconds`, in seconds: from 10 ms to the budget, and each
/// about twice the one before. What took longer than the budget is in the bucket above all of them.
///
/// ```
/// use std::time::Duration;
///
/// let buckets = graceful::metrics::buckets(Duration::from_secs(25));
/// assert_eq!(buckets.first(), Some(&0.01));
/// assert_eq!(buckets.last(), Some(&25.0));
/// assert!(buckets.is_sorted());
/// ```
#[must_use]
pub fn buckets(budget: Duration) -> Vec<f64> {
    const ROUND: [f64; 13] = [
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0, 120.0,
    ];

    let budget = budget.as_secs_f64();
    let below = ROUND.into_iter().filter(|bound| *bound < budget);
    below.chain([budget]).collect()
}
