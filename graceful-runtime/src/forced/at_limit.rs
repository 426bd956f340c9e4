//! A step that is closed by force where it does not end by itself: both as tasks of their own, since the first may block
//! its thread.

use crate::context::{Close, CloseFuture, Context};
use crate::executor::{Executor, Task};
use crate::futures::select;
use crate::outcome::{EndedAs, Outcome, Result};
use crate::plan::set_aside;
use crate::sequence::{CUT_GRACE, Caught, begin, discard, outcome_of};
use std::future::{pending, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::Duration;
use tokio::sync::oneshot::{self, Receiver, Sender, error::TryRecvError};
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
    let (alive, gone) = oneshot::channel();
    let alive = Arc::new(alive);
    let waits = Waits {
        result,
        gone: Some(gone),
        cx: cx.clone(),
    };
    let (sequencer, cx) = (cx.sequencer().clone(), cx.clone());
    let executor = sequencer.executor().clone();
    let spawns = executor.clone();
    let control = async move {
        let (task, mut ended) = run_beside(&executor, close, cx.until(until), &alive);
        let by_itself = async {
            let until = timeout_at(until, &mut ended).await;
            // Dropped without an end, its outcome is told by the step.
            until.ok().map(|ended| ended.unwrap_or(Outcome::NotStarted))
        };
        let mut by_itself = select(by_itself, nobody_waits(&mut told)).await;
        task.cancel();
        if by_itself.is_none() && !told.is_closed() {
            // It may hold what is to be forced, or end at this very moment.
            let within = CUT_GRACE.min(set_aside(limit) / 4);
            let ends = async {
                timeout_at(Instant::now() + within, &mut ended)
                    .await
                    .ok()?
                    .ok()
            };
            by_itself = select(ends, nobody_waits(&mut told)).await;
        }
        if by_itself.is_some() || told.is_closed() {
            let dropped = drop_beside(&executor, force, &cx, &alive);
            let (outcome, unsaid) = match select(dropped, nobody_waits(&mut told)).await {
                Some(panicked @ Outcome::Panicked(_)) => (panicked, by_itself),
                _ => (by_itself.unwrap_or(Outcome::TimedOut), None),
            };
            return discard(&executor, (ended, unsaid, told.send(outcome)));
        }
        if sequencer.begins_no_more() {
            std::mem::forget(force);
            return pending().await;
        }
        cx.step().force_begins();
        let outcome = self::force(&executor, force, &cx, by, &alive).await;
        let late = ended.try_recv();
        if matches!(late, Err(TryRecvError::Empty)) {
            cx.note("its close blocks its thread, which no limit ends");
        }
        let forced = Outcome::Forced(Box::new(outcome));
        // At once, as the step's own thread may be late, and its limit is near.
        sequencer.end_step(cx.step(), forced.clone(), Instant::now());
        discard(&executor, (ended, late, told.send(forced)));
    };
    spawns.spawn_control(Box::pin(control));
    Box::pin(waits)
}

/// Holds a task while what that was given may still be there.
type Alive = Arc<Sender<()>>;

/// Waits for what comes of both. Where one of them was cut, it has its end awaited before the next step begins.
struct Waits {
    result: Receiver<Outcome>,
    /// Resolves when the tasks of both are gone; none where none was cut.
    gone: Option<Receiver<()>>,
    cx: Context,
}

impl Future for Waits {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Result> {
        Pin::new(&mut self.result).poll(task).map(|outcome| {
            let outcome = outcome.map_err(|_| "it was left behind")?;
            if !matches!(outcome, Outcome::Forced(_)) {
                self.gone = None;
            }
            match outcome {
                Outcome::Closed => Ok(()),
                outcome => Err(EndedAs(outcome).into()),
            }
        })
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        if let Some(gone) = self.gone.take() {
            self.cx.await_after_cut(async { drop(gone.await) });
        }
    }
}

async fn force(
    executor: &Arc<Executor>,
    force: Close,
    cx: &Context,
    by: Instant,
    alive: &Alive,
) -> Outcome {
    let (task, mut ended) = run_beside(executor, force, cx.until(by), alive);
    if let Ok(Ok(outcome)) = timeout_at(by, &mut ended).await {
        return outcome;
    }
    task.cancel();
    // It may have been told meanwhile, of an error of the user's.
    discard(executor, ended);
    Outcome::TimedOut
}

/// The step has been cut, or left behind.
async fn nobody_waits(told: &mut Sender<Outcome>) -> Option<Outcome> {
    told.closed().await;
    None
}

/// Drops what nobody is to force: the user's, which may block or panic, and belongs to the step as its close does.
async fn drop_beside(
    executor: &Arc<Executor>,
    force: Close,
    cx: &Context,
    alive: &Alive,
) -> Option<Outcome> {
    let drops = Close::new(move |_| {
        drop(force);
        ready(Ok(()))
    });
    let (_, dropped) = run_beside(executor, drops, cx.clone(), alive);
    dropped.await.ok()
}

/// A task that is no step: it tells its outcome, or is dropped.
fn run_beside(
    executor: &Arc<Executor>,
    close: Close,
    cx: Context,
    alive: &Alive,
) -> (Arc<Task>, Receiver<Outcome>) {
    let (told, ended) = oneshot::channel();
    let unbegun = (Caught::new(close), alive.clone());
    let task = executor.spawn(Box::new(move || {
        let (close, alive) = unbegun;
        let close = begin(close.into_inner(), cx);
        Box::pin(async move {
            let _alive = alive;
            // Whoever is gone does not want to know. It may be an error of the user's, whose `Drop` panics.
            drop(Caught::new(told.send(outcome_of(close.await))));
        })
    }));
    (task, ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::StepClose;
    use crate::executor::ThreadSettings;
    use crate::plan::TimeDemand;
    use crate::reason::Reason;
    use crate::sequence::Sequence;
    use std::error::Error;
    use std::fmt;
    use std::sync::mpsc::channel;
    use tokio::runtime::Builder;

    #[derive(Debug)]
    struct Bomb;

    impl fmt::Display for Bomb {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a bomb")
        }
    }

    impl Error for Bomb {}

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("it goes off");
        }
    }

    /// Nobody waits for it any more: its thread drops it, and goes on.
    #[test]
    fn an_error_that_comes_too_late_and_panics_as_it_is_dropped_costs_no_thread() {
        let runtime = || Builder::new_current_thread().enable_all().build();
        let (user, clock) = (runtime().unwrap(), runtime().unwrap());
        let threads = ThreadSettings {
            on_start: Arc::new(|| {}),
            max: 4,
            is_local: false,
            stack_size: None,
        };
        let executor = Executor::on_threads(user.handle().clone(), clock.handle().clone(), threads);
        let sequence = Sequence::new(
            executor.clone(),
            Arc::new(Reason::MainReturned),
            None,
            None,
            #[cfg(feature = "test-util")]
            Arc::default(),
        );
        let (release, released) = channel::<()>();
        let close = Close::new(move |_| {
            // It ends with the sender.
            let _ = released.recv();
            ready(Err(Bomb.into()))
        });
        let force = Close::new(|_| ready(Ok(())));
        let step = StepClose {
            name: "blocks".into(),
            order: Some(0),
            after: Vec::new(),
            demand: TimeDemand::OPEN,
            is_state: false,
            close: close.carried_out_by(|cx, close| force_at_limit(&cx, close, force)),
        };
        let deadline = Instant::now() + Duration::from_millis(200);
        clock.block_on(sequence.close(vec![step], deadline));
        drop(release);
        assert!(!executor.stays_in_users_code(Duration::from_secs(20)));
        executor.finish();
    }
}
