//! One step: its close as a task, with a panic caught and an end that is told in any case.

use super::limits::{Reserved, limit};
use super::shared::Sequence;
use crate::context::{Close, CloseFuture, Context};
use crate::executor::{Task, TaskFuture};
use crate::exit_payload::{is_exit, unless_exit};
use crate::outcome::{EndedAs, Failure, Outcome, PanicError, Result, caught};
use crate::plan::TimeDemand;
use crate::step_state::{CutEnd, StepState};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// How often other tasks have their turn before the next step, where one was cut.
const TURNS: usize = 32;

/// How long what a `Drop` has spawned is waited for.
const SPAWNED_BY_DROP: Duration = Duration::from_millis(10);

/// The task of a step has ended, or was dropped.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) step: usize,
    pub(super) at: Instant,
}

/// All that a step is started with.
pub(super) struct Launch {
    pub(super) close: Close,
    pub(super) step: usize,
    pub(super) state: Arc<StepState>,
    pub(super) demand: TimeDemand,
    pub(super) reserved: Reserved,
    pub(super) deadline: Instant,
    pub(super) ended: UnboundedSender<Ended>,
}

impl Sequence {
    pub(super) fn launch(self: &Arc<Self>, launch: Launch) -> Arc<Task> {
        let Launch {
            close,
            step,
            state,
            demand,
            reserved,
            deadline,
            ended,
        } = launch;
        let sequence = self.clone();
        // Dropped before it has begun, it tells so, after the close.
        let unbegun = (DropCaught(Some(close)), Tells { step, ended });
        self.executor.spawn(Box::new(move || {
            let (mut close, tells) = unbegun;
            let now = Instant::now();
            let remaining = deadline.saturating_duration_since(now);
            let until = now + limit(demand, remaining, reserved);
            state.begin(now, until);
            if !state.is_state() {
                sequence.observer.step_began(&state, until - now);
            }
            let close = close.0.take().expect("it is taken once");
            let reason = sequence.reason.clone();
            let cx = Context::new(sequence.clone(), state.clone(), until, reason);
            #[cfg(feature = "test-util")]
            let close = super::faulty::as_tested(&sequence.faults, &cx, close);
            let begun = {
                let _running = state.on_this_thread();
                catch_unwind(AssertUnwindSafe(|| close.begin(cx)))
            };
            let (close, outcome) = match begun {
                Ok(close) => (Some(close), None),
                Err(panic) => (None, Some(outcome_of_panic(panic))),
            };
            Box::pin(StepTask {
                close,
                outcome,
                sequence,
                state,
                _tells: tells,
            }) as TaskFuture
        }))
    }

    /// The first outcome stands. Another one is dropped here: it may be an error of the user's, whose `Drop`
    /// blocks, so it comes on the thread that it comes from.
    pub(super) fn end_step(&self, state: &Arc<StepState>, outcome: Outcome, at: Instant) {
        let Some((outcome, took)) = state.end(outcome, at) else {
            return;
        };
        if !state.is_state() {
            self.observer.step_ended(state, &outcome, took);
        }
    }

    /// Drops a close that will never begin, where that may block.
    pub(super) fn discard(&self, close: Close) {
        let close = DropCaught(Some(close));
        self.executor.spawn(Box::new(move || {
            drop(close);
            Box::pin(std::future::ready(()))
        }));
    }

    /// Waits for what was cut with a step to be dropped, and for what that has spawned; tells that as the end of
    /// its task.
    pub(super) fn await_cut_ends(
        &self,
        step: usize,
        cut_ends: Vec<CutEnd>,
        ended: UnboundedSender<Ended>,
    ) {
        let tells = Tells { step, ended };
        // In paused time turns are enough, and time is the test's.
        let takes_time = self.executor.has_threads();
        self.executor.spawn(Box::new(move || {
            Box::pin(async move {
                let _tells = tells;
                for end in cut_ends {
                    DropCaught(Some(end)).await;
                }
                let settled: TaskFuture = Box::pin(let_drops_settle(takes_time));
                // A runtime that has ended has no more turns.
                drop(tokio::spawn(settled).await);
            })
        }));
    }
}

/// A `Drop` can't wait, so it may spawn what it has to do, as a pool's connection does that goes back: that has its
/// turns before the next step, and some time.
async fn let_drops_settle(takes_time: bool) {
    for _ in 0..TURNS {
        yield_now().await;
    }
    if takes_time {
        sleep(SPAWNED_BY_DROP).await;
    }
}

/// Tells of the end of a step's task when it is dropped.
struct Tells {
    step: usize,
    ended: UnboundedSender<Ended>,
}

impl Drop for Tells {
    fn drop(&mut self) {
        let (step, at) = (self.step, Instant::now());
        // Whoever is gone does not want to know.
        let _ = self.ended.send(Ended { step, at });
    }
}

/// A close that runs. Its outcome counts once it has been dropped, which may block or panic too; then it is told.
struct StepTask {
    close: Option<CloseFuture>,
    outcome: Option<Outcome>,
    sequence: Arc<Sequence>,
    state: Arc<StepState>,
    _tells: Tells,
}

impl Future for StepTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<()> {
        let Self { close, state, .. } = &mut *self;
        let Some(close) = close else {
            return Poll::Ready(());
        };
        let poll = || close.as_mut().poll(cx).map(outcome_of);
        let polled = {
            let _running = state.on_this_thread();
            catch_unwind(AssertUnwindSafe(poll))
        };
        let outcome = match polled {
            Ok(Poll::Pending) => {
                if !self.state.is_state() {
                    self.sequence.observer.step_waits(&self.state);
                }
                return Poll::Pending;
            }
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panic) => outcome_of_panic(panic),
        };
        self.outcome = Some(outcome);
        Poll::Ready(())
    }
}

impl Drop for StepTask {
    fn drop(&mut self) {
        let close = self.close.take();
        let outcome = self.outcome.take();
        let _running = self.state.on_this_thread();
        self.state.drop_begins();
        let outcome = match catch_unwind(AssertUnwindSafe(|| drop(close))) {
            Ok(()) => outcome,
            Err(panic) => outcome.map(|_| Outcome::Panicked(caught(panic))),
        };
        if let Some(outcome) = outcome {
            let late = AssertUnwindSafe(|| {
                self.sequence.end_step(&self.state, outcome, Instant::now());
            });
            if let Err(panic) = catch_unwind(late) {
                caught(panic);
            }
        }
        self.state.let_go();
    }
}

pub(crate) fn outcome_of(result: Result) -> Outcome {
    let Err(error) = result else {
        return Outcome::Closed;
    };
    let Some(error) = unless_exit(error) else {
        return Outcome::Closed;
    };
    let error = match error.downcast::<EndedAs>() {
        Ok(ended) => return ended.0,
        Err(error) => error,
    };
    match error.downcast::<PanicError>() {
        Ok(panic) => Outcome::Panicked(panic.0),
        Err(error) => Outcome::Failed(Failure::new(error)),
    }
}

pub(crate) fn outcome_of_panic(panic: Box<dyn Any + Send>) -> Outcome {
    if is_exit(&*panic) {
        Outcome::Closed
    } else {
        Outcome::Panicked(caught(panic))
    }
}

/// What is the user's: a panic of it, or of its `Drop`, takes nobody with it.
struct DropCaught<T>(Option<T>);

impl<T> Drop for DropCaught<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
            caught(panic);
        }
    }
}

impl Future for DropCaught<CutEnd> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<()> {
        let Some(end) = &mut self.0 else {
            return Poll::Ready(());
        };
        match catch_unwind(AssertUnwindSafe(|| end.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => Poll::Ready(()),
            Err(panic) => {
                caught(panic);
                Poll::Ready(())
            }
        }
    }
}
