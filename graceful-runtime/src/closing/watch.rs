//! The watcher: takes steps away whose limit has passed.

use crate::board::Board;
use crate::race::until;
use std::pin::pin;
use std::sync::Arc;

/// Keeps the limits of everything on the board. Runs where no user code can make it late; never ends.
pub(crate) async fn watch(board: &Arc<Board>) {
    loop {
        match board.overdue() {
            // Either way the board is looked at again.
            Some(limit) => until(limit, pin!(board.sooner())).await,
            None => board.sooner().await,
        }
    }
}
