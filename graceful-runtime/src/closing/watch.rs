//! The watcher: takes steps away whose limit has passed.

use crate::board::Board;
use crate::race::either;
use std::pin::pin;
use std::sync::Arc;
use tokio::time::sleep_until;

/// Keeps the limits of everything on the board. Runs where no user code can make it late; never ends.
pub(crate) async fn watch(board: &Arc<Board>) {
    loop {
        match board.overdue() {
            // Either way the board is looked at again.
            Some(limit) => either(pin!(board.sooner()), pin!(sleep_until(limit))).await,
            None => board.sooner().await,
        }
    }
}
