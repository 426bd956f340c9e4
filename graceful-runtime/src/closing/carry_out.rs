//! Carrying out steps, one after the other, for as long as the board has any.
//!
//! Every entry into user code, the drop of what is left of it included, is caught here: the board
//! and the other steps never see a panic.

use crate::board::{Assignment, Begun, Board, CloseFuture, Lease, Work, drop_caught};
use crate::leave::{has_left, unless_left};
use crate::outcome::{Failure, Outcome, Result, caught};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

/// Polls what the board hands out, and gives back to it what waits, until nothing is ready or `stay`
/// says no: many closes that wait need one thread, and one that blocks has it for itself.
pub(super) fn attend(board: &Arc<Board>, stay: &dyn Fn() -> bool) {
    let mut ended = None;
    loop {
        if !stay() {
            board.end(ended);
            return;
        }
        let Some(Assignment { lease, work }) = board.next(ended.take()) else {
            return;
        };
        let mut future = match begin(board, lease, work) {
            Ok(Some(future)) => future,
            Ok(None) => continue,
            Err(outcome) => {
                ended = Some((lease, outcome));
                continue;
            }
        };
        let waker = board.waker(lease);
        if let Poll::Ready(outcome) = poll(&mut future, &mut Context::from_waker(&waker)) {
            ended = Some((lease, over(future, outcome)));
        } else if let Some(taken_away) = board.park(lease, future) {
            drop_caught(taken_away);
        }
    }
}

/// The future of the close; none where it has put steps of its own on the board.
fn begin(board: &Arc<Board>, lease: Lease, work: Work) -> Result<Option<CloseFuture>, Outcome> {
    let begun = match work {
        Work::Resume(future) => return Ok(Some(future)),
        Work::Begin(job, ticket) => catch_unwind(AssertUnwindSafe(|| job(ticket))),
    };
    match begun {
        Ok(Begun::Future(future)) => Ok(Some(future)),
        Ok(Begun::Steps { steps, epilogue }) => {
            for left in board.delegate(lease, steps, epilogue) {
                drop_caught(left);
            }
            Ok(None)
        }
        Err(payload) => Err(unwound(payload)),
    }
}

fn poll(future: &mut CloseFuture, task: &mut Context<'_>) -> Poll<Outcome> {
    match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(task).map(ended))) {
        Ok(poll) => poll,
        Err(payload) => Poll::Ready(unwound(payload)),
    }
}

fn over(future: CloseFuture, outcome: Outcome) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| drop(future))) {
        Ok(()) => outcome,
        Err(payload) => Outcome::Panicked(caught(payload)),
    }
}

fn ended(result: Result) -> Outcome {
    match result {
        Ok(()) => Outcome::Closed,
        Err(error) => match unless_left(error) {
            Some(error) => Outcome::Failed(Failure::new(error)),
            None => Outcome::Closed,
        },
    }
}

fn unwound(payload: Box<dyn Any + Send>) -> Outcome {
    if has_left(&*payload) {
        Outcome::Closed
    } else {
        Outcome::Panicked(caught(payload))
    }
}
