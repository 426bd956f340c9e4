//! Carrying out steps, one after the other, for as long as the board has any.

use crate::board::{Assignment, Begun, Board, Seat};
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
        ended = carry_out(board, assignment, seat)
            .await
            .map(|outcome| (lease, outcome));
    }
}

/// Carries out one step; without an outcome where it has put steps of its own on the board.
///
/// Every entry into user code, the drop of what is left of it included, is caught here: the board
/// and the other steps never see a panic.
async fn carry_out(
    board: &Arc<Board>,
    assignment: Assignment,
    seat: &Arc<Seat>,
) -> Option<Outcome> {
    let Assignment { lease, ticket, job } = assignment;
    let mut future = match catch_unwind(AssertUnwindSafe(|| job(ticket))) {
        Ok(Begun::Future(future)) => future,
        Ok(Begun::Steps { steps, epilogue }) => {
            let unbegun = board.delegate(lease, steps, epilogue);
            // Nobody waits for an outcome, so a panic has nowhere to go.
            drop(catch_unwind(AssertUnwindSafe(|| drop(unbegun))));
            return None;
        }
        Err(payload) => return Some(Outcome::Panicked(caught(payload))),
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
    Some(match catch_unwind(AssertUnwindSafe(|| drop(future))) {
        Ok(()) => outcome,
        Err(payload) => Outcome::Panicked(caught(payload)),
    })
}

fn ended(result: Result) -> Outcome {
    match result {
        Ok(()) => Outcome::Closed,
        Err(error) => Outcome::Failed(Failure::new(error)),
    }
}
