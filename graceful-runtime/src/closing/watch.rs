//! The watcher: takes steps away whose limit has passed.

use crate::board::Board;
use std::sync::Arc;
use tokio::time::timeout_at;

/// Keeps the limits of everything on the board. Runs where no user code can make it late; never ends.
pub(crate) async fn watch(board: &Arc<Board>) {
    loop {
        match board.overdue() {
            // Either way the board is looked at again.
            Some(limit) => drop(timeout_at(limit, board.sooner()).await),
            None => board.sooner().await,
        }
    }
}
