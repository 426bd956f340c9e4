//! One step: its close as a task, with a panic caught and an end that is told in any case.

use super::caught::{Caught, begin, outcome_of};
use super::limits::Budget;
use super::shared::Sequence;
use crate::context::{Close, CloseFuture, Context};
use crate::executor::{Executor, Task, TaskFuture};
use crate::outcome::Outcome;
use crate::step_state::{CutEnd, StepState};
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// How often other tasks have their turn before the next step, where one was cut.
const TURNS: usize = 32;

/// How long what a `Drop` has spawned is waited for.
const SPAWNED_BY_DROP: Duration = Duration::from_millis(10);

/// What the task of a step tells its group.
#[derive(Clone, Copy)]
pub(super) enum Told {
    /// It has begun, behind the moment at which that was looked for.
    BegunLate { step: usize },
    /// It has ended, or was dropped.
    Ended { step: usize, at: Instant },
}

/// All that a step is started with.
pub(super) struct Launch {
    pub(super) close: Close,
    pub(super) step: usize,
    pub(super) state: Arc<StepState>,
    pub(super) budget: Budget,
    /// When the group looks whether it has begun.
    pub(super) looked_for_at: Instant,
    pub(super) ended: UnboundedSender<Told>,
}

impl Sequence {
    pub(super) fn launch(self: &Arc<Self>, launch: Launch) -> Arc<Task> {
        let sequence = self.clone();
        let (step, state) = (launch.step, launch.state);
        let tells = Tells {
            step,
            ended: launch.ended,
        };
        // Dropped before it has begun, it tells so, after the close.
        let unbegun = (Caught::new(launch.close), tells);
        self.executor.spawn(Box::new(move || {
            if sequence.begins_no_more() {
                std::mem::forget(unbegun);
                return Box::pin(pending());
            }
            let (close, tells) = unbegun;
            let now = Instant::now();
            let until = launch.budget.limit_from(now);
            if !state.begin(now, until) {
                drop(close);
                return Box::pin(std::future::ready(()));
            }
            if Instant::now() >= launch.looked_for_at {
                tells.tell(Told::BegunLate { step });
            }
            if let Some(observer) = sequence.observer_of(&state) {
                observer.step_began(&state, until - now);
            }
            let reason = sequence.reason.clone();
            let cx = Context::new(sequence.clone(), state.clone(), until, reason);
            let close = close.into_inner();
            #[cfg(feature = "test-util")]
            let close = super::faulty::as_tested(&sequence.faults, &cx, close);
            let close = {
                let _running = state.on_this_thread();
                begin(close, cx)
            };
            Box::pin(StepTask {
                close,
                outcome: None,
                sequence,
                state,
                _tells: tells,
            }) as TaskFuture
        }))
    }

    /// The first outcome stands. Another one is dropped here, on the thread that it comes from: it may be an error of the
    /// user's, whose `Drop` blocks or panics.
    pub(super) fn end_step(&self, state: &Arc<StepState>, outcome: Outcome, at: Instant) {
        match (state.end(outcome, at), self.observer_of(state)) {
            (Ok((outcome, took)), Some(observer)) => observer.step_ended(state, &outcome, took),
            (Ok(_), None) => {}
            (Err(second), _) => drop(Caught::new(second)),
        }
    }

    /// Waits for what was cut with a step to be dropped, and for what that has spawned; tells that as the end of
    /// its task.
    pub(super) fn await_cut_ends(
        &self,
        step: usize,
        cut_ends: Vec<CutEnd>,
        ended: UnboundedSender<Told>,
    ) {
        let tells = Tells { step, ended };
        // In paused time turns are enough, and time is the test's.
        let takes_time = self.executor.has_threads();
        self.executor.spawn(Box::new(move || {
            Box::pin(async move {
                let _tells = tells;
                for end in cut_ends {
                    drop(Caught::new(end).await);
                }
                let settled: TaskFuture = Box::pin(let_drops_settle(takes_time));
                // A runtime that has ended has no more turns.
                drop(tokio::spawn(settled).await);
            })
        }));
    }
}

/// Drops what is the user's where that may block: a close that will never begin, an outcome that nobody waits for, which may
/// be an error.
pub(crate) fn discard(executor: &Arc<Executor>, value: impl Send + 'static) {
    let value = Caught::new(value);
    executor.spawn(Box::new(move || {
        drop(value);
        Box::pin(std::future::ready(()))
    }));
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
    ended: UnboundedSender<Told>,
}

impl Tells {
    fn tell(&self, told: Told) {
        // Whoever is gone does not want to know.
        let _ = self.ended.send(told);
    }
}

impl Drop for Tells {
    fn drop(&mut self) {
        let (step, at) = (self.step, Instant::now());
        self.tell(Told::Ended { step, at });
    }
}

/// A close that runs. Its outcome counts once it has been dropped, which may block or panic too; then it is told.
struct StepTask {
    close: Caught<CloseFuture>,
    outcome: Option<Outcome>,
    sequence: Arc<Sequence>,
    state: Arc<StepState>,
    _tells: Tells,
}

impl Future for StepTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<()> {
        let Self { close, state, .. } = &mut *self;
        let polled = {
            let _running = state.on_this_thread();
            Pin::new(close).poll(cx).map(outcome_of)
        };
        if let (Poll::Pending, Some(observer)) = (&polled, self.sequence.observer_of(&self.state)) {
            observer.step_waits(&self.state);
        }
        self.outcome = Some(ready!(polled));
        Poll::Ready(())
    }
}

impl Drop for StepTask {
    fn drop(&mut self) {
        let dropped = {
            let _running = self.state.on_this_thread();
            self.state.drop_begins();
            self.close.discard()
        };
        if let Some(outcome) = self.outcome.take() {
            let outcome = dropped.map_or_else(Outcome::Panicked, |()| outcome);
            self.sequence.end_step(&self.state, outcome, Instant::now());
        }
        self.state.let_go();
    }
}
