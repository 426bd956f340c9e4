//! Carrying out steps, one after the other, for as long as the board has any.

use crate::board::{Assignment, Board, Seat};
use crate::outcome::{Failure, Outcome, Result, caught};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

/// Carries out what the board hands out, until it has nothing ready or `stay` says no.
pub(crate) async fn attend(board: &Arc<Board>, seat: &Arc<Seat>, stay: impl Fn() -> bool) {
    let mut ended = None;
    loop {
        if !stay() {
            board.end(ended);
            return;
        }
        let Some(assignment) = board.next(seat, ended) else {
            return;
        };
        let lease = assignment.lease;
        ended = Some((lease, carry_out(assignment, seat).await));
    }
}

/// Every entry into user code, the drop of what is left of it included, is caught here: the board
/// and the other steps never see a panic.
async fn carry_out(assignment: Assignment, seat: &Arc<Seat>) -> Outcome {
    let Assignment { lease, ticket, job } = assignment;
    let mut future = match catch_unwind(AssertUnwindSafe(|| job(ticket))) {
        Ok(future) => future,
        Err(payload) => return Outcome::Panicked(caught(payload)),
    };
    let outcome = poll_fn(|task| {
        if seat.is_cancelled(lease, task.waker()) {
            return Poll::Ready(Outcome::TimedOut);
        }
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(task).map(ended))) {
            Ok(poll) => poll,
            Err(payload) => Poll::Ready(Outcome::Panicked(caught(payload))),
        }
    })
    .await;
    match catch_unwind(AssertUnwindSafe(|| drop(future))) {
        Ok(()) => outcome,
        Err(payload) => Outcome::Panicked(caught(payload)),
    }
}

fn ended(result: Result) -> Outcome {
    match result {
        Ok(()) => Outcome::Closed,
        Err(error) => Outcome::Failed(Failure::new(error)),
    }
}
