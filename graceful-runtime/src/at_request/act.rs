//! Does it, within its time.

use crate::futures::{Boxed, both};
use crate::latch::Latch;
use crate::lifecycle::Stop;
use crate::sequence::share_before;
use crate::stop::Supervisor;
use std::time::Duration;
use tokio::time::Instant;

/// The most that it may take where there is no longer delay: a call over a network, and another try.
const AT_MOST: Duration = Duration::from_secs(2);

pub(super) fn act_beside<'a>(
    supervisor: &'a Supervisor,
    stop: &'a Stop,
    closes: Boxed<'a>,
    has_acted: &'a Latch,
) -> Boxed<'a> {
    let acts = async {
        act(supervisor, stop).await;
        has_acted.open();
    };
    Box::pin(both(closes, Box::pin(acts)))
}

/// All at the same time, each as a step of its own; ends with the last of them, or when their time is over.
async fn act(supervisor: &Supervisor, stop: &Stop) {
    let lifecycle = &supervisor.lifecycle;
    let acts = lifecycle.stack().take_at_request();
    if acts.is_empty() {
        return;
    }
    let now = Instant::now();
    let remaining = stop.deadline.saturating_duration_since(now);
    // What the closes have declared is theirs.
    let free = share_before(remaining, lifecycle.stack().demands());
    let until = now + free.min(AT_MOST).max(stop.delay).min(remaining);
    supervisor.sequence_of(stop).close(acts, until).await;
}
