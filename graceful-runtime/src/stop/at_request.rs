//! What is to be done at the request itself: beside the delay, and before the first close.

use super::supervisor::Supervisor;
use crate::context::StepClose;
use crate::lifecycle::{Stack, Stop};
use crate::sequence::share_before;
use std::time::Duration;
use tokio::time::Instant;

/// The most that it may take where there is no longer delay: a call over a network, and another try.
const AT_MOST: Duration = Duration::from_secs(2);

/// What is to be done, and by when.
pub(super) struct Acts {
    steps: Vec<StepClose>,
    until: Instant,
}

impl Supervisor {
    /// Does what is known of by now.
    pub(super) async fn act_at_request(&self, stop: &Stop) {
        let acts = self.acts(stop, &mut self.lifecycle.stack());
        if let Some(acts) = acts {
            self.act(stop, acts).await;
        }
    }

    /// Takes what has not been done yet: at the request, or of a state that came behind it.
    pub(super) fn acts(&self, stop: &Stop, stack: &mut Stack) -> Option<Acts> {
        let steps = stack.take_at_request();
        if steps.is_empty() {
            return None;
        }
        let now = Instant::now();
        let remaining = stop.deadline.saturating_duration_since(now);
        // What the closes have declared is theirs.
        let free = share_before(remaining, stack.demands());
        let until = now + free.min(AT_MOST).max(stop.delay).min(remaining);
        Some(Acts { steps, until })
    }

    /// Does it, all at the same time, each as a step of its own; ends with the last of it, or when its time is over.
    pub(super) async fn act(&self, stop: &Stop, acts: Acts) {
        self.sequence_of(stop).close(acts.steps, acts.until).await;
    }
}
