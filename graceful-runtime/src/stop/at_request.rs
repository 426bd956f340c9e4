//! What is to be done at the request itself: beside the delay, and before the first close.

use super::supervisor::Supervisor;
use crate::lifecycle::Stop;
use crate::sequence::share_before;
use std::time::Duration;
use tokio::time::Instant;

/// The most that it may take where there is no longer delay: a call over a network, and another try.
const AT_MOST: Duration = Duration::from_secs(2);

impl Supervisor {
    /// Does it, all at the same time, each as a step of its own; ends with the last of it, or when its time is over.
    pub(super) async fn act_at_request(&self, stop: &Stop) {
        let acts = self.lifecycle.stack().take_at_request();
        if acts.is_empty() {
            return;
        }
        let now = Instant::now();
        let remaining = stop.deadline.saturating_duration_since(now);
        // What the closes have declared is theirs.
        let free = share_before(remaining, self.lifecycle.stack().demands());
        let until = now + free.min(AT_MOST).max(stop.delay).min(remaining);
        self.sequence_of(stop).close(acts, until).await;
    }
}
