//! The state of a running close, as data: which steps wait, run and have ended.
//!
//! Nothing here blocks, spawns or waits. Threads that carry out steps come to the board for the
//! next one ([`Board::next`]), so that a sequence of quick closes needs no hand-over at all; one
//! watcher ([`Board::overdue`]) takes the steps away whose limit has passed.

mod group;
mod limits;
mod row;
mod seat;

use crate::outcome::{Outcome, Result};
use crate::plan::Need;
use crate::report::StepReport;
use group::Group;
pub(crate) use limits::share_before;
use row::{Row, Standing};
pub(crate) use seat::Seat;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

pub(crate) type CloseFuture = Pin<Box<dyn Future<Output = Result> + Send>>;

/// Begins a close: called once, on the thread that carries it out.
pub(crate) type Job = Box<dyn FnOnce(Ticket) -> CloseFuture + Send>;

/// A step that is to be put on the board.
pub(crate) struct Pending {
    pub(crate) name: Cow<'static, str>,
    pub(crate) order: u32,
    pub(crate) need: Need,
    /// Its own steps stand in its place in names and in the report: the state's fields are `http`, not `App.http`.
    pub(crate) transparent: bool,
    pub(crate) job: Job,
}

/// What a step knows of itself while it runs.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) row: usize,
    pub(crate) name: Arc<str>,
    pub(crate) limit: Instant,
}

/// A step handed to a thread.
pub(crate) struct Assignment {
    pub(crate) lease: Lease,
    pub(crate) ticket: Ticket,
    pub(crate) job: Job,
}

/// The right to report the end of one step; worth nothing once the step was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    row: usize,
    serial: u64,
}

impl Lease {
    pub(crate) const fn serial(self) -> u64 {
        self.serial
    }
}

/// Who carries out steps: threads, or tasks in a test's paused time.
pub(crate) trait Crew: Send + Sync {
    /// Brings `count` more hands to the board.
    fn call(&self, board: &Arc<Board>, count: usize);
    /// Drops what was never begun, where a `Drop` that blocks holds up nobody.
    fn dispose(&self, jobs: Vec<Job>);
    /// No more steps will come.
    fn dismiss(&self);
}

/// Who is told what happens on the board. Called without any lock held.
pub(crate) trait Observer: Send + Sync {
    fn step_began(&self, name: &Arc<str>, limit: Duration);
    fn step_ended(&self, name: &Arc<str>, outcome: &Outcome, took: Duration);
}

pub(crate) struct Board {
    // A mutex: held for some tens of nanoseconds, never across user code.
    state: Mutex<State>,
    /// Wakes the watcher when a limit comes before the moment it sleeps until.
    sooner: Notify,
    crew: Box<dyn Crew>,
    observer: Arc<dyn Observer>,
    began: Instant,
}

#[derive(Default)]
struct State {
    groups: Vec<Group>,
    rows: Vec<Row>,
    /// Rows whose turn has come, for whoever asks first.
    ready: VecDeque<usize>,
    /// Rows that are ready or running.
    open: Vec<usize>,
    serial: u64,
    watched_until: Option<Instant>,
}

/// What is to be done once the lock is released.
#[derive(Default)]
struct Aftermath {
    hands: usize,
    sooner: bool,
    wake: Vec<Waker>,
    cancel: Vec<(Arc<Seat>, u64)>,
    unbegun: Vec<Job>,
    ended: Vec<(Arc<str>, Outcome, Duration)>,
}

/// How the steps of a group went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) unclean: Vec<Arc<str>>,
}

impl Board {
    pub(crate) fn new(
        crew: Box<dyn Crew>,
        observer: Arc<dyn Observer>,
        began: Instant,
    ) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            sooner: Notify::new(),
            crew,
            observer,
            began,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a group of steps on the board: lower orders first, all done by `deadline`.
    pub(crate) fn begin(
        self: &Arc<Self>,
        parent: Option<usize>,
        mut steps: Vec<Pending>,
        deadline: Instant,
    ) -> usize {
        steps.sort_by_key(|step| step.order);
        let now = Instant::now();
        let mut after = Aftermath::default();
        let mut state = self.state();
        let id = state.groups.len();
        let prefix = parent.and_then(|row| state.rows[row].prefix());
        let first_row = state.rows.len();
        for step in &mut steps {
            let name = match &prefix {
                Some(prefix) => format!("{prefix}.{}", step.name).into(),
                None => Arc::from(&*step.name),
            };
            state
                .rows
                .push(Row::new(parent, id, name, step.transparent));
        }
        state.groups.push(Group::new(first_row, steps, deadline));
        state.advance(id, now, &mut after);
        drop(state);
        self.settle(after, 0);
        id
    }

    /// Whether the group has ended, and how; else `waker` is woken when it has.
    pub(crate) fn poll_group(&self, id: usize, waker: &Waker) -> Poll<Tally> {
        let mut state = self.state();
        if !state.groups[id].is_over() {
            state.groups[id].waker = Some(waker.clone());
            return Poll::Pending;
        }
        let unclean = state.groups[id]
            .rows()
            .map(|row| &state.rows[row])
            .filter(|row| !row.is_clean())
            .map(|row| row.name.clone())
            .collect();
        Poll::Ready(Tally { unclean })
    }

    /// Ends a group that nobody waits for any more; what had not begun comes back, to be dropped by the caller.
    pub(crate) fn abandon(self: &Arc<Self>, id: usize) -> Vec<Job> {
        let now = Instant::now();
        let mut after = Aftermath::default();
        let mut state = self.state();
        state.cut(id, now, &mut after);
        drop(state);
        let unbegun = std::mem::take(&mut after.unbegun);
        self.settle(after, 0);
        unbegun
    }

    /// Takes note that the step of `ended` is over, and hands out the next one, if any is ready.
    pub(crate) fn next(
        self: &Arc<Self>,
        seat: &Arc<Seat>,
        ended: Option<(Lease, Outcome)>,
    ) -> Option<Assignment> {
        let now = Instant::now();
        let mut after = Aftermath::default();
        let mut state = self.state();
        if let Some((lease, outcome)) = ended {
            state.end(lease, outcome, now, &mut after);
        }
        let assignment = state.assign(seat, now);
        drop(state);
        // This thread is one of the hands that the released steps need.
        let own_hands = usize::from(assignment.is_some());
        self.settle(after, own_hands);
        if let Some(Assignment { ticket, .. }) = &assignment {
            self.observer
                .step_began(&ticket.name, ticket.limit.duration_since(now));
        }
        assignment
    }

    /// Takes note that a step is over, without asking for another.
    pub(crate) fn end(self: &Arc<Self>, ended: Option<(Lease, Outcome)>) {
        let Some((lease, outcome)) = ended else {
            return;
        };
        let mut after = Aftermath::default();
        let mut state = self.state();
        state.end(lease, outcome, Instant::now(), &mut after);
        drop(state);
        self.settle(after, 0);
    }

    pub(crate) fn dismiss(&self) {
        self.crew.dismiss();
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.state().ready.is_empty()
    }

    /// Takes away every step whose limit has passed, and says when the next limit is.
    pub(crate) fn overdue(self: &Arc<Self>) -> Option<Instant> {
        let now = Instant::now();
        let mut after = Aftermath::default();
        let mut state = self.state();
        while let Some(row) = state.first_overdue(now) {
            state.take_away(row, now, &mut after);
        }
        let next = state
            .open
            .iter()
            .filter_map(|&row| state.rows[row].limit)
            .min();
        state.watched_until = next;
        drop(state);
        self.settle(after, 0);
        next
    }

    /// Resolves when [`overdue`](Board::overdue) has to look again before the moment it gave.
    pub(crate) async fn sooner(&self) {
        self.sooner.notified().await;
    }

    pub(crate) fn progress(&self, row: usize, text: String) {
        self.state().rows[row].progress = Some(text);
    }

    pub(crate) fn nothing_to_close(&self, row: usize) {
        self.state().rows[row].nothing_to_close = true;
    }

    /// The names of the steps that run, with how long they have and may yet: the innermost only.
    pub(crate) fn running(&self, now: Instant) -> Vec<String> {
        let state = self.state();
        let is_parent = |row: usize| {
            state
                .open
                .iter()
                .any(|&r| state.rows[r].parent == Some(row))
        };
        state
            .open
            .iter()
            .filter(|&&row| !is_parent(row))
            .map(|&row| state.rows[row].waited_for(now))
            .collect()
    }

    /// What has happened so far, as a tree.
    pub(crate) fn report(&self) -> Vec<StepReport> {
        let state = self.state();
        row::report(&state.rows, self.began, Instant::now())
    }

    fn settle(self: &Arc<Self>, after: Aftermath, own_hands: usize) {
        let hands = after.hands.saturating_sub(own_hands);
        if hands > 0 {
            self.crew.call(self, hands);
        }
        if after.sooner {
            self.sooner.notify_one();
        }
        for (seat, serial) in after.cancel {
            seat.cancel(serial);
        }
        for waker in after.wake {
            waker.wake();
        }
        for (name, outcome, took) in after.ended {
            self.observer.step_ended(&name, &outcome, took);
        }
        if !after.unbegun.is_empty() {
            self.crew.dispose(after.unbegun);
        }
    }
}

impl State {
    /// Releases the next order of a group, where the one before has ended.
    fn advance(&mut self, id: usize, now: Instant, after: &mut Aftermath) {
        if self.groups[id].open > 0 {
            return;
        }
        if now >= self.groups[id].deadline {
            self.cut(id, now, after);
        }
        let Some(released) = self.groups[id].release() else {
            after.wake.extend(self.groups[id].waker.take());
            return;
        };
        for slot in released {
            let limit = self.groups[id].limit(slot, now);
            let row = self.groups[id].first_row + slot;
            self.rows[row].limit = Some(limit);
            self.rows[row].standing = Standing::Ready;
            self.open.push(row);
            self.ready.push_back(row);
            after.hands += 1;
            after.sooner |= self.watched_until.is_none_or(|until| limit < until);
        }
    }

    fn assign(&mut self, seat: &Arc<Seat>, now: Instant) -> Option<Assignment> {
        loop {
            let row = self.ready.pop_front()?;
            let Row { group, .. } = self.rows[row];
            let Some(job) = self.groups[group].take_job(row) else {
                continue; // it was taken away before anybody came for it
            };
            self.serial += 1;
            let lease = Lease {
                row,
                serial: self.serial,
            };
            let ticket = self.rows[row].start(seat, lease.serial, row, now);
            return Some(Assignment { lease, ticket, job });
        }
    }

    fn end(&mut self, lease: Lease, outcome: Outcome, now: Instant, after: &mut Aftermath) {
        if self.rows[lease.row].is_held_by(lease.serial) {
            self.finish(lease.row, outcome, now, after);
        }
    }

    fn finish(&mut self, row: usize, outcome: Outcome, now: Instant, after: &mut Aftermath) {
        if let Some(at) = self.open.iter().rposition(|&open| open == row) {
            self.open.swap_remove(at);
        }
        let ended = &mut self.rows[row];
        ended.finish(outcome, now);
        after.ended.extend(ended.ended_note());
        let group = ended.group;
        self.groups[group].open -= 1;
        self.advance(group, now, after);
    }

    fn first_overdue(&self, now: Instant) -> Option<usize> {
        // The outermost first: its end is its own steps' end, and they need no line of their own.
        self.open
            .iter()
            .copied()
            .filter(|&row| self.rows[row].limit.is_some_and(|limit| limit <= now))
            .max()
    }

    fn take_away(&mut self, row: usize, now: Instant, after: &mut Aftermath) {
        let outcome = if let Standing::Running { seat, serial } = &self.rows[row].standing {
            after.cancel.push((seat.clone(), *serial));
            Outcome::TimedOut
        } else {
            let group = self.rows[row].group;
            after.unbegun.extend(self.groups[group].take_job(row));
            Outcome::NotStarted
        };
        self.finish(row, outcome, now, after);
    }

    /// Ends a group at once: what runs is taken away, what waits is never begun.
    fn cut(&mut self, id: usize, now: Instant, after: &mut Aftermath) {
        let unreleased = self.groups[id].give_up();
        for row in unreleased {
            after.unbegun.extend(self.groups[id].take_job(row));
            self.rows[row].finish(Outcome::NotStarted, now);
            after.ended.extend(self.rows[row].ended_note());
        }
        let released: Vec<usize> = self
            .open
            .iter()
            .copied()
            .filter(|&row| self.rows[row].group == id)
            .collect();
        for row in released {
            self.take_away(row, now, after);
        }
    }
}
