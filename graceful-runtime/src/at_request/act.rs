//! Carries out what fields ask for when the stop begins, within its time.

use crate::context::StepClose;
use crate::futures::{Boxed, both};
use crate::latch::Latch;
use crate::lifecycle::Stop;
use crate::plan::TimeDemand;
use crate::sequence::share_before;
use crate::stop::{AtRequest, Supervisor};
use std::time::Duration;
use tokio::time::Instant;

/// The most that it may take where there is no longer delay: a call over a network, and another try.
const AT_MOST: Duration = Duration::from_secs(2);

pub(super) struct Acts;

impl AtRequest for Acts {
    fn beside<'a>(
        &self,
        supervisor: &'a Supervisor,
        stop: &'a Stop,
        closes: Boxed<'a>,
        has_acted: &'a Latch,
    ) -> Boxed<'a> {
        let acts = async {
            let (acts, until) = {
                let mut stack = supervisor.lifecycle.stack();
                (stack.take_at_request(), ends_by(stop, stack.demands()))
            };
            act(supervisor, stop, acts, until).await;
            has_acted.open();
        };
        Box::pin(both(closes, Box::pin(acts)))
    }

    fn late<'a>(
        &self,
        supervisor: &'a Supervisor,
        stop: &'a Stop,
        acts: Vec<StepClose>,
        closes: &[StepClose],
    ) -> Boxed<'a> {
        let until = ends_by(stop, closes.iter().map(|step| step.demand));
        Box::pin(act(supervisor, stop, acts, until))
    }
}

/// All at the same time, each as a step of its own; ends with the last of them, or when their time is over.
async fn act(supervisor: &Supervisor, stop: &Stop, acts: Vec<StepClose>, until: Instant) {
    if !acts.is_empty() {
        supervisor.sequence_of(stop).close(acts, until).await;
    }
}

/// What the closes have declared is theirs, and the rest of the delay is nobody's.
fn ends_by(stop: &Stop, closes: impl Iterator<Item = TimeDemand>) -> Instant {
    let now = Instant::now();
    let remaining = stop.deadline.saturating_duration_since(now);
    let free = share_before(remaining, closes);
    let delay = (stop.began + stop.delay).saturating_duration_since(now);
    now + free.min(AT_MOST).max(delay).min(remaining)
}
