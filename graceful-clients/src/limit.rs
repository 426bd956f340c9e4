//! Saying what is wrong before the limit: a step that has not returned at its limit can't.

use graceful_runtime::Context;
use std::time::Duration;
use tokio::time::Instant;

/// Enough for a thread of a busy machine to get there.
const BEFORE: Duration = Duration::from_millis(200);

/// Right before the step's limit: of a short one, with a tenth of what is left. So it is asked for when the close begins.
pub(crate) fn last_moment(cx: &Context) -> Instant {
    let (limit, before) = (cx.deadline(), BEFORE.min(cx.remaining() / 10));
    limit.checked_sub(before).unwrap_or(limit)
}

/// Waits until right before the limit; what is waited for is the step's progress, and the error where it does not come.
#[cfg(feature = "lapin")]
pub(crate) async fn within_limit<T>(
    cx: &Context,
    end: impl Future<Output = T>,
    what: &str,
) -> graceful_runtime::Result<T> {
    cx.progress(format!("waiting for {what}"));
    let ended = tokio::time::timeout_at(last_moment(cx), end).await;
    ended.map_err(|_| format!("{what} did not come within the limit").into())
}
