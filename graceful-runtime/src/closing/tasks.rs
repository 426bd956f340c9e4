//! Steps as tasks of the test's own runtime: in paused time a thread would stop the clock.

use super::carry_out::attend_each;
use crate::board::{Board, Crew, Left, Seat};
use std::sync::Arc;
use tokio::runtime::Handle;

pub(crate) struct Tasks(pub(crate) Handle);

impl Crew for Tasks {
    fn call(&self, board: &Arc<Board>, count: usize) -> bool {
        for _ in 0..count {
            let board = board.clone();
            self.0.spawn(async move {
                attend_each(&board, &Arc::new(Seat::default()), || true).await;
            });
        }
        true
    }

    fn reinforce(&self, board: &Arc<Board>, count: usize) {
        self.call(board, count);
    }

    fn dispose(&self, left: Vec<Left>) {
        self.0.spawn(async move { drop(left) });
    }

    fn dismiss(&self) {}
}
