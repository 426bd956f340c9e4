//! Steps as tasks of the user's runtime: in a test's paused time, where a thread would stop the
//! clock, and where no thread is to be had.

use super::carry_out::attend;
use crate::board::{Board, Crew, Left, drop_caught};
use crate::erased::spawn;
use std::sync::Arc;
use tokio::runtime::Handle;

pub(crate) struct Tasks(pub(crate) Handle);

impl Crew for Tasks {
    fn call(&self, board: &Arc<Board>, count: usize) -> bool {
        for _ in 0..count {
            let board = board.clone();
            spawn(&self.0, async move { attend(&board, &|| true) });
        }
        true
    }

    fn reinforce(&self, board: &Arc<Board>, count: usize) {
        self.call(board, count);
    }

    fn dispose(&self, left: Vec<Left>) {
        spawn(&self.0, async move {
            left.into_iter().for_each(drop_caught);
        });
    }
}
