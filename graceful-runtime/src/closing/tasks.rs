//! Steps as tasks of the test's own runtime: in paused time a thread would stop the clock.

use super::carry_out::attend;
use crate::board::{Board, Crew, Job, Seat};
use std::sync::Arc;
use tokio::runtime::Handle;

pub(crate) struct Tasks(pub(crate) Handle);

impl Crew for Tasks {
    fn call(&self, board: &Arc<Board>, count: usize) {
        for _ in 0..count {
            let board = board.clone();
            self.0.spawn(async move {
                attend(&board, &Arc::new(Seat::default()), || true).await;
            });
        }
    }

    fn dispose(&self, jobs: Vec<Job>) {
        self.0.spawn(async move { drop(jobs) });
    }

    fn dismiss(&self) {}
}
