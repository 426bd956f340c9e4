//! One group: the steps of one value, from the first start to the last end.

use super::limits::{Budget, budgets};
use super::order::Order;
use super::shared::Sequence;
use super::step::{Launch, Told, discard};
use crate::context::{Close, StepClose};
use crate::executor::Task;
use crate::group_handle::GroupEnd;
use crate::outcome::Outcome;
use crate::step_state::StepState;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::yield_now;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long the next step waits for what was cut to be dropped, which may block. On a busy machine it takes
/// some tens of milliseconds until a task that was aborted has its turn.
pub(crate) const CUT_GRACE: Duration = Duration::from_millis(50);

/// Of thousands that are cut at once so many wait for what their drops have left to the runtime: those turns are the same for all.
const SETTLING_AT_MOST: usize = 100;

/// What a group needs of its time to come to its end.
const TO_END: Duration = Duration::from_millis(5);

/// How many steps are looked at in one go: who owns the signals and the deadline may do it, where no thread comes for that.
pub(super) const AT_ONCE: usize = 1000;

/// Of a step that may have waited for a task, a timer or a socket of it.
const RUNTIME_IS_BLOCKED: &str =
    "the runtime did not answer meanwhile: look for tasks that block its threads";

pub(super) struct Group {
    sequence: Arc<Sequence>,
    deadline: Instant,
    order: Order,
    steps: Vec<GroupStep>,
    /// When to look after which step; a moment that a step has left behind counts for nothing.
    moments: BinaryHeap<Reverse<(Instant, usize)>>,
    /// How many wait for what was cut with them.
    settling: usize,
    sender: UnboundedSender<Told>,
    told: UnboundedReceiver<Told>,
}

struct GroupStep {
    state: Arc<StepState>,
    budget: Budget,
    stage: Stage,
}

enum Stage {
    Waiting(Close),
    Running {
        task: Arc<Task>,
        /// Where it has not begun by then it is left out.
        begins_by: Instant,
    },
    /// Its outcome is known, and its task is to be dropped; so many tasks of the user's were alive then.
    Cut {
        until: Instant,
        alive: usize,
    },
    /// Its task has ended; what was cut with it may not have been dropped yet.
    Settling {
        until: Instant,
    },
    Ended,
}

/// What a group waits for.
enum Event {
    Told(Told),
    Moment,
    Cut,
}

impl Group {
    pub(super) fn new(
        sequence: Arc<Sequence>,
        parent: &StepState,
        deadline: Instant,
        mut steps: Vec<StepClose>,
    ) -> Self {
        let mut states = Vec::with_capacity(steps.len());
        for step in &mut steps {
            let path = parent.path_below(&step.name);
            if let (Some(limits), false) = (&sequence.limits, step.is_state) {
                step.demand = limits.of_step(&path).unwrap_or(step.demand);
            }
            states.push(StepState::new(path, step.demand.limit, step.is_state));
        }
        parent.add_steps(&states);
        let order = Order::new(&steps);
        let budgets = budgets(&steps, Instant::now(), deadline);
        let steps = steps.into_iter().zip(budgets).zip(states);
        let steps = steps.map(|((step, budget), state)| GroupStep {
            state,
            budget,
            stage: Stage::Waiting(step.close),
        });
        let (sender, told) = unbounded_channel();
        Self {
            sequence,
            deadline,
            order,
            steps: steps.collect(),
            moments: BinaryHeap::new(),
            settling: 0,
            sender,
            told,
        }
    }

    pub(super) async fn run(mut self, end: Arc<GroupEnd>) {
        let mut cut = pin!(end.cut.notified());
        let mut is_cut = false;
        let mut timer = Timer::default();
        let mut started = 0;
        loop {
            if self.sequence.begins_no_more() {
                // The process ends, and its report has been said: what is here is neither begun, nor cut, nor dropped.
                pending::<()>().await;
            }
            while let Some(step) = self.order.start_next() {
                self.start(step);
                started += 1;
                if started % AT_ONCE == 0 {
                    yield_now().await;
                }
            }
            if self.order.have_all_ended() {
                break;
            }
            if let Some(&Reverse((moment, _))) = self.moments.peek() {
                timer.set(moment);
            }
            let event = poll_fn(|cx| {
                if let Poll::Ready(Some(told)) = self.told.poll_recv(cx) {
                    return Poll::Ready(Event::Told(told));
                }
                if !is_cut && cut.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Event::Cut);
                }
                timer.poll(cx).map(|()| Event::Moment)
            });
            match event.await {
                Event::Told(Told::Ended { step, at }) => self.task_ended(step, at),
                Event::Told(Told::BegunLate { step }) => {
                    if let Some(limit) = self.steps[step].state.limit() {
                        self.moments.push(Reverse((limit, step)));
                    }
                }
                Event::Moment => {
                    while !self.look_after_steps() {
                        yield_now().await;
                    }
                }
                Event::Cut => {
                    is_cut = true;
                    self.cut_all();
                }
            }
        }
        let unclean = self.steps.iter().filter(|step| !step.state.is_clean());
        let unclean = unclean.map(|step| step.state.name().to_owned()).collect();
        end.set(unclean);
    }

    fn start(&mut self, at: usize) {
        let now = Instant::now();
        if now >= self.deadline {
            self.leave_out(at, now);
            return self.order.end(at);
        }
        let step = &mut self.steps[at];
        let Stage::Waiting(close) = std::mem::replace(&mut step.stage, Stage::Ended) else {
            unreachable!("a step starts once")
        };
        let looked_for_at = step.budget.limit_from(now);
        let launch = Launch {
            close,
            step: at,
            state: step.state.clone(),
            budget: step.budget,
            looked_for_at,
            ended: self.sender.clone(),
        };
        step.stage = Stage::Running {
            task: self.sequence.launch(launch),
            begins_by: step.budget.begins_by(now),
        };
        self.moments.push(Reverse((looked_for_at, at)));
    }

    /// The task of a step has ended, or has been dropped.
    fn task_ended(&mut self, step: usize, at: Instant) {
        let (until, leaves_work) = match self.steps[step].stage {
            Stage::Running { .. } => {
                // Where it was dropped it has no outcome of its own.
                self.end(step, Outcome::TimedOut, at);
                // Who waits for the group is not to cut it for that.
                let until = (at + CUT_GRACE).min(self.deadline - TO_END).max(at);
                (until, false)
            }
            Stage::Cut { until, alive } => {
                let has_room = self.settling < SETTLING_AT_MOST;
                let leaves_work = has_room && self.sequence.executor.leaves_work(alive);
                (until, leaves_work)
            }
            Stage::Settling { .. } => return self.end_stage(step),
            Stage::Waiting(_) | Stage::Ended => return,
        };
        let cut_ends = self.steps[step].state.take_cut_ends();
        if cut_ends.is_empty() && !leaves_work {
            return self.end_stage(step);
        }
        // What was cut with it is waited for.
        self.steps[step].stage = Stage::Settling { until };
        self.settling += 1;
        self.moments.push(Reverse((until, step)));
        let sender = self.sender.clone();
        self.sequence.await_cut_ends(step, cut_ends, sender);
    }

    /// Nothing of it is left to wait for.
    fn end_stage(&mut self, step: usize) {
        let stage = std::mem::replace(&mut self.steps[step].stage, Stage::Ended);
        self.settling -= usize::from(matches!(stage, Stage::Settling { .. }));
        self.order.end(step);
    }

    /// Cuts what is over its limit, and goes on where what was cut has had its time; `false` where more of it is left.
    fn look_after_steps(&mut self) -> bool {
        let now = Instant::now();
        for _ in 0..AT_ONCE {
            let due = self.moments.peek().filter(|due| due.0.0 <= now);
            let Some(&Reverse((_, step))) = due else {
                return true;
            };
            self.moments.pop();
            let GroupStep { state, stage, .. } = &self.steps[step];
            match *stage {
                Stage::Running { begins_by, .. } => {
                    // Its clock begins with itself, and not with its turn.
                    let next = state.limit().unwrap_or(begins_by);
                    if next > now {
                        self.moments.push(Reverse((next, step)));
                    } else {
                        self.cut(step, now);
                    }
                }
                Stage::Cut { until, .. } | Stage::Settling { until } if until <= now => {
                    self.end_stage(step);
                }
                Stage::Cut { .. } | Stage::Settling { .. } | Stage::Waiting(_) | Stage::Ended => {}
            }
        }
        false
    }

    fn cut(&mut self, step: usize, now: Instant) {
        if let Stage::Running { task, .. } = &self.steps[step].stage {
            let alive = self.sequence.executor.alive_tasks();
            let state = &self.steps[step].state;
            // What it has said itself tells more.
            let is_silent = state.note().or_else(|| state.progress()).is_none();
            if is_silent && self.sequence.executor.users_runtime_is_blocked() {
                state.set_note(RUNTIME_IS_BLOCKED.to_owned());
            }
            task.cancel();
            self.end(step, Outcome::TimedOut, now);
            let state = &self.steps[step].state;
            if let Some(observer) = self.sequence.observer_of(state) {
                observer.step_cut(state, CUT_GRACE);
            }
            let until = now + CUT_GRACE;
            self.steps[step].stage = Stage::Cut { until, alive };
            self.moments.push(Reverse((until, step)));
        }
    }

    /// Nobody waits for it any more: what runs is cut, what waits is never begun.
    fn cut_all(&mut self) {
        let now = Instant::now();
        let mut waiting = 0;
        for step in 0..self.steps.len() {
            if matches!(self.steps[step].stage, Stage::Waiting(_)) {
                self.leave_out(step, now);
                waiting += 1;
            } else {
                self.cut(step, now);
            }
        }
        self.order.give_up(waiting);
    }

    /// Ends a step that has not begun.
    fn leave_out(&mut self, step: usize, now: Instant) {
        let stage = std::mem::replace(&mut self.steps[step].stage, Stage::Ended);
        if let Stage::Waiting(close) = stage {
            discard(&self.sequence.executor, close);
        }
        self.end(step, Outcome::NotStarted, now);
    }

    /// The first outcome stands, and what has not begun has not timed out.
    fn end(&self, step: usize, outcome: Outcome, at: Instant) {
        self.sequence.end_step(&self.steps[step].state, outcome, at);
    }
}

/// One timer for all moments. It is set again only where that is sooner, or once it has run: one that runs too
/// soon costs a look, and each setting may wake the thread that keeps the time.
#[derive(Default)]
struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    is_set: bool,
}

impl Timer {
    fn set(&mut self, moment: Instant) {
        match &mut self.sleep {
            Some(sleep) if self.is_set && sleep.deadline() <= moment => return,
            Some(sleep) => sleep.as_mut().reset(moment),
            None => self.sleep = Some(Box::pin(sleep_until(moment))),
        }
        self.is_set = true;
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.sleep {
            Some(sleep) if self.is_set => {
                ready!(sleep.as_mut().poll(cx));
                self.is_set = false;
                Poll::Ready(())
            }
            _ => Poll::Pending,
        }
    }
}
