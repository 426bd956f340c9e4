//! Timers beside a connection's work, in one task with it.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::task::unconstrained;
use tokio::time::Sleep;

/// Polls a timer whatever the work has left of the task's budget. With none left a timer is neither set nor
/// noticed, and the work of a client that never stops sending spends all of it each time.
pub(super) fn poll_timer(timer: Pin<&mut Sleep>, task: &mut Context<'_>) -> Poll<()> {
    pin!(unconstrained(timer)).poll(task)
}
