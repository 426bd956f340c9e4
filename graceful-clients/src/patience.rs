//! Giving up waiting while there is time for another way.

use graceful_runtime::Context;
use std::time::Duration;
use tokio::time::Instant;

/// The longest that is set aside for it.
const AT_MOST: Duration = Duration::from_secs(1);

/// When to stop waiting and to do what has to be done before the limit: with a quarter of the time left, one second at
/// most.
pub(crate) fn patience_ends(cx: &Context) -> Instant {
    let reserve = AT_MOST.min(cx.remaining() / 4);
    cx.deadline().checked_sub(reserve).unwrap_or(cx.deadline())
}
