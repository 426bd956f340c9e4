//! A step that is closed by force where it does not end by itself: both as tasks of their own, since the first may block
//! its thread.

use crate::context::{Close, CloseFuture, Context};
use crate::executor::{Executor, Task};
use crate::futures::select;
use crate::outcome::{EndedAs, Outcome};
use crate::plan::set_aside;
use crate::sequence::{begin, outcome_of};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot::{self, Receiver, error::TryRecvError};
use tokio::time::{Instant, timeout_at};

/// What the step needs of its time to say what came of it.
const TO_SAY_SO: Duration = Duration::from_millis(10);

/// Closes within the limit of `cx`, less a part of it; in that part closes by `force` what has not ended.
pub(super) fn force_at_limit(cx: &Context, close: Close, force: Close) -> CloseFuture {
    let limit = cx.remaining();
    let until = cx.deadline() - set_aside(limit);
    let by = cx.deadline() - TO_SAY_SO.min(set_aside(limit) / 4);
    #[cfg(feature = "test-util")]
    let close = cx.sequencer().with_fault(cx.name(), close);
    let (mut told, result) = oneshot::channel();
    let (sequencer, cx) = (cx.sequencer().clone(), cx.clone());
    let executor = sequencer.executor().clone();
    let spawns = executor.clone();
    let control = async move {
        let (task, mut ended) = run_beside(&executor, close, cx.until(until));
        let by_itself = async {
            let until = timeout_at(until, &mut ended).await;
            // Dropped without an end, its outcome is told by the step.
            until.ok().map(|ended| ended.unwrap_or(Outcome::NotStarted))
        };
        let left = async {
            told.closed().await;
            None
        };
        if let Some(outcome) = select(by_itself, left).await {
            // Whoever is gone does not want to know.
            let _ = told.send(outcome);
            return;
        }
        task.cancel();
        if told.is_closed() {
            return;
        }
        let outcome = self::force(&executor, force, &cx, by).await;
        if matches!(ended.try_recv(), Err(TryRecvError::Empty)) {
            cx.note("its close blocks its thread, which no limit ends");
        }
        let forced = Outcome::Forced(Box::new(outcome));
        // At once, as the step's own thread may be late, and its limit is near.
        sequencer.end_step(cx.step(), forced.clone(), Instant::now());
        let _ = told.send(forced);
    };
    spawns.spawn_control(Box::pin(control));
    Box::pin(async move {
        match result.await {
            Ok(Outcome::Closed) => Ok(()),
            Ok(outcome) => Err(EndedAs(outcome).into()),
            Err(_) => Err("it was left behind".into()),
        }
    })
}

async fn force(executor: &Arc<Executor>, force: Close, cx: &Context, by: Instant) -> Outcome {
    let (task, ended) = run_beside(executor, force, cx.until(by));
    if let Ok(Ok(outcome)) = timeout_at(by, ended).await {
        return outcome;
    }
    task.cancel();
    Outcome::TimedOut
}

/// A task that is no step: it tells its outcome, or is dropped.
fn run_beside(
    executor: &Arc<Executor>,
    close: Close,
    cx: Context,
) -> (Arc<Task>, Receiver<Outcome>) {
    let (told, ended) = oneshot::channel();
    let task = executor.spawn(Box::new(move || {
        let close = begin(close, cx);
        Box::pin(async move {
            // Whoever is gone does not want to know.
            let _ = told.send(outcome_of(close.await));
        })
    }));
    (task, ended)
}
