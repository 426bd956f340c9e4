//! The transitions of a running close: what is released, handed out, ended and taken away.

use super::group::Group;
use super::row::{Row, Standing};
use super::table::Table;
use super::{Assignment, CloseFuture, Job, Lease, Left, Pending, Work};
use crate::outcome::Outcome;
use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;
use tokio::time::Instant;

#[derive(Default)]
pub(super) struct State {
    pub(super) groups: Table<Group>,
    pub(super) rows: Table<Row>,
    /// Rows whose turn has come, for whoever asks first.
    pub(super) ready: VecDeque<usize>,
    /// Rows that are ready or running.
    pub(super) open: Vec<usize>,
    pub(super) serial: u64,
    pub(super) watched_until: Option<Instant>,
    /// How many steps were handed out, and when it was first seen that some wait, with that number.
    handed_out: u64,
    looked: Option<(Instant, u64)>,
    /// How many hands the last reinforcement brought.
    reinforced: usize,
    pub(super) after: Aftermath,
}

/// Steps that are ready for so long, and nobody comes for any, wait for threads that are stuck.
const STUCK: Duration = Duration::from_millis(2);

/// Whether those who carry out steps are stuck in them.
pub(super) struct Stuck {
    /// More hands that it takes.
    pub(super) hands: usize,
    pub(super) look_again: Option<Instant>,
}

/// What is to be done once the lock is released.
#[derive(Default)]
pub(super) struct Aftermath {
    pub(super) hands: usize,
    /// The watcher looks in a moment whether anybody comes.
    pub(super) looked_after: bool,
    pub(super) sooner: bool,
    pub(super) wake: Vec<Waker>,
    pub(super) left: Vec<Left>,
    pub(super) refused: Vec<Outcome>,
    pub(super) ended: Vec<(Arc<str>, Outcome, Duration)>,
}

impl State {
    /// Puts a group of steps on the board, and releases those that wait for no other.
    #[inline]
    pub(super) fn begin(
        &mut self,
        parent: Option<usize>,
        steps: Vec<Pending>,
        deadline: Instant,
        now: Instant,
    ) -> usize {
        let id = self.groups.len();
        let prefix = parent.and_then(|row| self.rows[row].prefix());
        let first_row = self.rows.len();
        for step in &steps {
            let name = match &prefix {
                Some(prefix) => format!("{prefix}.{}", step.name).into(),
                None => Arc::from(&*step.name),
            };
            self.rows.push(Row::new(
                parent,
                id,
                name,
                step.transparent,
                step.need.limit,
            ));
        }
        self.groups
            .push(Group::new(parent, first_row, steps, now, deadline));
        self.advance(id, now);
        id
    }

    /// Gives a step's turn to steps of its own; once they have ended `epilogue` ends it.
    #[inline]
    pub(super) fn delegate(
        &mut self,
        lease: Lease,
        steps: Vec<Pending>,
        epilogue: Job,
        now: Instant,
    ) {
        let Lease { row, .. } = lease;
        let group = self.rows[row].group;
        let deadline = self.rows[row].limit.unwrap_or(now);
        self.groups[group].put_job(row, epilogue);
        let id = self.groups.len();
        self.rows[row].standing = Standing::Delegated { group: id };
        self.begin(Some(row), steps, deadline, now);
    }

    /// Releases the steps of a group whose turn has come.
    #[inline]
    fn advance(&mut self, id: usize, now: Instant) {
        if self.groups[id].is_due() && now >= self.groups[id].deadline {
            self.cut(id, now);
        }
        while let Some((row, limit)) = self.groups[id].release(now) {
            self.rows[row].limit = Some(limit);
            self.rows[row].standing = Standing::Ready;
            self.open.push(row);
            self.ready.push_back(row);
            self.after.hands += 1;
            self.after.sooner |= self.watched_until.is_none_or(|until| limit < until);
        }
        if self.groups[id].is_over() {
            self.over(id);
        }
    }

    /// A group has ended: whoever waits for it goes on.
    #[inline]
    fn over(&mut self, id: usize) {
        if let Some(waker) = self.groups[id].waker.take() {
            self.after.wake.push(waker);
        }
        let Some(row) = self.groups[id].parent else {
            return;
        };
        if matches!(self.rows[row].standing, Standing::Delegated { group } if group == id) {
            self.rows[row].standing = Standing::Ready;
            self.ready.push_back(row);
            self.after.hands += 1;
        }
    }

    /// Hands out what is ready; with its name and limit where it has not begun before.
    #[allow(clippy::type_complexity, reason = "its only caller takes it apart")]
    #[inline]
    pub(super) fn assign(
        &mut self,
        now: Instant,
    ) -> Option<(Assignment, Option<(Arc<str>, Duration)>)> {
        loop {
            let row = self.ready.pop_front()?;
            let group = self.rows[row].group;
            let begins = self.rows[row].began.is_none();
            let work = match self.rows[row].parked.take() {
                Some(future) => Work::Resume(future),
                None => match self.groups[group].take_job(row) {
                    Some(job) => Work::Begin(job, self.rows[row].ticket(row, now)),
                    None => continue, // it was taken away before anybody came for it
                },
            };
            self.handed_out += 1;
            let serial = self.rows[row].start(&mut self.serial, now);
            let began = begins.then(|| self.rows[row].began_note(now)).flatten();
            let lease = Lease { row, serial };
            return Some((Assignment { lease, work }, began));
        }
    }

    #[inline]
    pub(super) fn park(&mut self, lease: Lease, future: CloseFuture) -> Option<CloseFuture> {
        let row = &mut self.rows[lease.row];
        let Standing::Running { serial, woken, .. } = row.standing else {
            return Some(future);
        };
        if serial != lease.serial {
            return Some(future);
        }
        row.parked = Some(future);
        row.standing = Standing::Parked { serial };
        if woken {
            self.wake(lease);
        }
        None
    }

    #[inline]
    pub(super) fn wake(&mut self, lease: Lease) {
        match &mut self.rows[lease.row].standing {
            Standing::Running { serial, woken, .. } if *serial == lease.serial => *woken = true,
            Standing::Parked { serial } if *serial == lease.serial => {
                self.rows[lease.row].standing = Standing::Woken {
                    serial: lease.serial,
                };
                self.ready.push_back(lease.row);
                self.after.hands += 1;
                self.after.looked_after = self.looked.is_some();
            }
            _ => {}
        }
    }

    /// Asked again and again while steps are ready: whether anybody comes for them.
    #[inline]
    pub(super) fn stuck(&mut self, now: Instant) -> Stuck {
        if self.ready.is_empty() {
            self.looked = None;
            self.reinforced = 0;
            return Stuck {
                hands: 0,
                look_again: None,
            };
        }
        let (since, handed_out) = *self.looked.get_or_insert((now, self.handed_out));
        if now < since + STUCK {
            return Stuck {
                hands: 0,
                look_again: Some(since + STUCK),
            };
        }
        // Doubled each time, so that a hundred blocking closes are not found one by one.
        // Those who were brought last took a step each; that anybody took more means progress.
        let stuck = self.handed_out - handed_out <= self.reinforced as u64;
        self.reinforced = if stuck {
            (2 * self.reinforced).clamp(1, self.ready.len())
        } else {
            0
        };
        self.looked = Some((now, self.handed_out));
        Stuck {
            hands: self.reinforced,
            look_again: Some(now + STUCK),
        }
    }

    #[inline]
    pub(super) fn end(&mut self, lease: Lease, outcome: Outcome, now: Instant) {
        if self.rows[lease.row].is_held_by(lease.serial) {
            self.finish(lease.row, outcome, now);
        } else {
            // Not dropped here: its error is the user's, and the board is locked.
            self.after.refused.push(outcome);
        }
    }

    #[inline]
    pub(super) fn finish(&mut self, row: usize, outcome: Outcome, now: Instant) {
        if let Some(at) = self.open.iter().rposition(|&open| open == row) {
            self.open.swap_remove(at);
        }
        let ended = &mut self.rows[row];
        ended.finish(outcome, now);
        let group = ended.group;
        self.note_end(row);
        self.groups[group].end(row);
        self.advance(group, now);
    }

    #[inline]
    pub(super) fn first_overdue(&self, now: Instant) -> Option<usize> {
        // The outermost first: its end is its own steps' end, and they need no line of their own.
        let mut first = None;
        for &row in &self.open {
            let is_overdue = self.rows[row].limit.is_some_and(|limit| limit <= now);
            if is_overdue && first.is_none_or(|first| row < first) {
                first = Some(row);
            }
        }
        first
    }

    /// When the first of the limits that hold now passes, unless `next` is earlier.
    #[inline]
    pub(super) fn next_look(&self, mut next: Option<Instant>) -> Option<Instant> {
        for &row in &self.open {
            next = match (next, self.rows[row].limit) {
                (Some(next), Some(limit)) => Some(next.min(limit)),
                (next, limit) => next.or(limit),
            };
        }
        next
    }

    #[inline]
    pub(super) fn take_away(&mut self, row: usize, now: Instant) {
        let group = self.rows[row].group;
        let outcome = match &self.rows[row].standing {
            Standing::Running { .. } => Outcome::TimedOut,
            Standing::Parked { .. } | Standing::Woken { .. } => {
                if let Some(parked) = self.rows[row].parked.take() {
                    self.after.left.push(Left::Future(parked));
                }
                Outcome::TimedOut
            }
            Standing::Delegated { group: own } => {
                let own = *own;
                self.leave_job(group, row);
                // First, so that its end finds nobody waiting for it.
                self.finish(row, Outcome::TimedOut, now);
                self.cut(own, now);
                return;
            }
            _ => {
                self.leave_job(group, row);
                match self.rows[row].began {
                    // Its own steps have ended, and nobody came for its end.
                    Some(_) => Outcome::TimedOut,
                    None => Outcome::NotStarted,
                }
            }
        };
        self.finish(row, outcome, now);
    }

    fn note_end(&mut self, row: usize) {
        if let Some(note) = self.rows[row].ended_note() {
            self.after.ended.push(note);
        }
    }

    /// What has not begun is dropped.
    fn leave_job(&mut self, group: usize, row: usize) {
        let job = self.groups[group].take_job(row);
        if let Some(job) = job {
            self.after.left.push(Left::Job(job));
        }
    }

    /// Ends a group at once: what runs is taken away, what waits is never begun.
    #[inline]
    pub(super) fn cut(&mut self, id: usize, now: Instant) {
        let unreleased = self.groups[id].give_up();
        for row in unreleased {
            self.leave_job(id, row);
            self.rows[row].finish(Outcome::NotStarted, now);
            self.note_end(row);
        }
        // Taken off the list at once: thousands looked for one by one are time that a deadline does not have.
        let mut released = Vec::new();
        for row in std::mem::take(&mut self.open) {
            if self.rows[row].group == id {
                released.push(row);
            } else {
                self.open.push(row);
            }
        }
        for row in released {
            self.take_away(row, now);
        }
    }
}
