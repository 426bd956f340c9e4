//! The state of a running close, as data: which steps wait, run and have ended.
//!
//! Nothing here blocks, spawns or waits. Threads that carry out steps come to the board for the
//! next one ([`Board::next`]), so that a sequence of quick closes needs no hand-over at all; one
//! watcher ([`Board::overdue`]) takes the steps away whose limit has passed.
//!
//! The functions of its parts are `#[inline]`, not to be inlined, but to be compiled with the board that
//! alone calls them: as units of their own they are 11 kB more of every program.

mod group;
mod limits;
mod row;
mod state;
mod table;
mod turns;

#[cfg(feature = "test-util")]
use crate::fault::{Fault, Faults};
use crate::latch::wake;
use crate::lock::{Lock, Locked};
use crate::outcome::{Outcome, Result, caught};
use crate::plan::Need;
use crate::report::StepReport;
pub(crate) use limits::share_before;
use state::State;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::Instant;

pub(crate) type CloseFuture = Pin<Box<dyn Future<Output = Result> + Send>>;

/// Begins a close: called once, on the thread that carries it out.
pub(crate) type Job = Box<dyn FnOnce(Ticket) -> Begun + Send>;

/// A close that has begun.
pub(crate) enum Begun {
    /// To be polled to its end.
    Future(CloseFuture),
    /// Steps of its own, which need no thread to wait for them.
    Steps {
        steps: Vec<Pending>,
        /// Ends the close after the last one.
        epilogue: Job,
    },
}

/// A step that is to be put on the board.
pub(crate) struct Pending {
    pub(crate) name: Cow<'static, str>,
    /// It waits for all of the lower orders; without one for those alone that it names.
    pub(crate) order: Option<u32>,
    /// The places of those that it names, all before its own.
    pub(crate) after: Vec<usize>,
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

/// What there is to do for a step.
pub(crate) enum Work {
    Begin(Job, Ticket),
    /// It was parked, and has been woken.
    Resume(CloseFuture),
}

/// A step handed to a thread.
pub(crate) struct Assignment {
    pub(crate) lease: Lease,
    pub(crate) work: Work,
}

/// The right to report the end of one step; worth nothing once the step was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    row: usize,
    serial: u64,
}

/// What is left of a step that was taken away, to be dropped.
pub(crate) enum Left {
    Job(#[allow(dead_code, reason = "only dropped")] Job),
    Future(#[allow(dead_code, reason = "only dropped")] CloseFuture),
}

/// Who carries out steps: threads, or tasks in a test's paused time.
pub(crate) trait Crew: Send + Sync {
    /// Brings up to `count` more hands to the board; `false` where fewer come.
    fn call(&self, board: &Arc<Board>, count: usize) -> bool;
    /// Brings `count` more hands, since those that there are seem to be stuck.
    fn reinforce(&self, board: &Arc<Board>, count: usize);
    /// Drops what nobody closes any more, where a `Drop` that blocks holds up nobody.
    fn dispose(&self, left: Vec<Left>);
}

/// Who is told what happens on the board. Called without any lock held.
pub(crate) trait Observer: Send + Sync {
    fn step_began(&self, name: &Arc<str>, limit: Duration);
    fn step_ended(&self, name: &Arc<str>, outcome: &Outcome, took: Duration);
}

/// What began a moment ago is not waited for yet.
const A_WHILE: Duration = Duration::from_secs(1);

pub(crate) struct Board {
    // A mutex: held for some tens of nanoseconds, never across user code.
    state: Lock<State>,
    /// Wakes the watcher when a limit comes before the moment it sleeps until.
    sooner: Notify,
    crew: Box<dyn Crew>,
    observer: Arc<dyn Observer>,
    began: Instant,
    /// Set before the first step is put on it.
    #[cfg(feature = "test-util")]
    faults: std::sync::OnceLock<Arc<Faults>>,
}

impl Board {
    pub(crate) fn new(
        crew: Box<dyn Crew>,
        observer: Arc<dyn Observer>,
        began: Instant,
    ) -> Arc<Self> {
        Arc::new(Self {
            state: Lock::default(),
            sooner: Notify::new(),
            crew,
            observer,
            began,
            #[cfg(feature = "test-util")]
            faults: std::sync::OnceLock::new(),
        })
    }

    /// What a test wants to go wrong.
    #[cfg(feature = "test-util")]
    pub(crate) fn inject(&self, faults: Arc<Faults>) {
        let _ = self.faults.set(faults);
    }

    #[cfg(feature = "test-util")]
    pub(crate) fn is_paused(&self) -> bool {
        self.faults.get().is_some_and(|faults| faults.paused)
    }

    #[cfg(feature = "test-util")]
    pub(crate) fn fault(&self, name: &str) -> Option<Fault> {
        self.faults.get()?.of(name)
    }

    /// Puts a group of steps on the board, each behind those that it waits for, all done by `deadline`.
    pub(crate) fn begin(
        self: &Arc<Self>,
        parent: Option<usize>,
        steps: Vec<Pending>,
        deadline: Instant,
    ) -> usize {
        let mut state = self.state.lock();
        let id = state.begin(parent, steps, deadline, Instant::now());
        self.settle(state, 0);
        id
    }

    /// Gives a step's turn to steps of its own; once they have ended `epilogue` ends it. Where the
    /// step was taken away in the meantime all of it comes back, to be dropped by the caller.
    pub(crate) fn delegate(
        self: &Arc<Self>,
        lease: Lease,
        steps: Vec<Pending>,
        epilogue: Job,
    ) -> Vec<Left> {
        let mut state = self.state.lock();
        if !state.rows[lease.row].is_held_by(lease.serial) {
            drop(state);
            let mut left = vec![Left::Job(epilogue)];
            for step in steps {
                left.push(Left::Job(step.job));
            }
            return left;
        }
        state.delegate(lease, steps, epilogue, Instant::now());
        // The caller is about to ask for the next step.
        self.settle(state, 1);
        Vec::new()
    }

    /// The steps of a step that did not end well.
    pub(crate) fn unclean_below(&self, row: usize) -> Vec<String> {
        let mut unclean = Vec::new();
        for below in self.state.lock().rows.iter() {
            if below.parent == Some(row) && !below.is_clean() {
                unclean.push(below.name.as_ref().to_owned());
            }
        }
        unclean
    }

    /// Whether the group has ended; else `waker` is woken when it has.
    pub(crate) fn poll_group(&self, id: usize, waker: &Waker) -> Poll<()> {
        // It may be the user's, as the one before it: neither is cloned or dropped under the lock.
        let waker = waker.clone();
        let mut state = self.state.lock();
        if state.groups[id].is_over() {
            return Poll::Ready(());
        }
        let former = state.groups[id].waker.replace(waker);
        drop(state);
        drop(former);
        Poll::Pending
    }

    /// Ends a group that nobody waits for any more; what is left of its steps comes back, to be dropped by the caller.
    pub(crate) fn abandon(self: &Arc<Self>, id: usize) -> Vec<Left> {
        let now = Instant::now();
        let mut state = self.state.lock();
        state.cut(id, now);
        let left = std::mem::take(&mut state.after.left);
        self.settle(state, 0);
        left
    }

    /// Keeps a step that waits for something, until its waker is called. Where it was taken away in
    /// the meantime it comes back, to be dropped by the caller.
    pub(crate) fn park(self: &Arc<Self>, lease: Lease, future: CloseFuture) -> Option<CloseFuture> {
        let mut state = self.state.lock();
        let refused = state.park(lease, future);
        // The caller is about to ask for the next step.
        self.settle(state, 1);
        refused
    }

    /// The waker of a step that may be parked.
    pub(crate) fn waker(self: &Arc<Self>, lease: Lease) -> Waker {
        let board = Arc::downgrade(self);
        Waker::from(Arc::new(StepWaker { board, lease }))
    }

    fn wake(self: &Arc<Self>, lease: Lease) {
        let mut state = self.state.lock();
        state.wake(lease);
        self.settle(state, 0);
    }

    /// Takes note that the step of `ended` is over, and hands out the next one, if any is ready.
    pub(crate) fn next(self: &Arc<Self>, ended: Option<(Lease, Outcome)>) -> Option<Assignment> {
        let now = Instant::now();
        let mut state = self.state.lock();
        if let Some((lease, outcome)) = ended {
            state.end(lease, outcome, now);
        }
        let (assignment, began) = state.assign(now).unzip();
        // This thread is one of the hands that the released steps need.
        let own_hands = usize::from(assignment.is_some());
        self.settle(state, own_hands);
        if let Some((name, limit)) = began.flatten() {
            self.observer.step_began(&name, limit);
        }
        assignment
    }

    /// Takes note that a step is over, without asking for another.
    pub(crate) fn end(self: &Arc<Self>, ended: Option<(Lease, Outcome)>) {
        let Some((lease, outcome)) = ended else {
            return;
        };
        let mut state = self.state.lock();
        state.end(lease, outcome, Instant::now());
        self.settle(state, 0);
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.state.lock().ready.is_empty()
    }

    /// Takes away every step whose limit has passed, and says when the next limit is.
    pub(crate) fn overdue(self: &Arc<Self>) -> Option<Instant> {
        let now = Instant::now();
        let mut state = self.state.lock();
        while let Some(row) = state.first_overdue(now) {
            state.take_away(row, now);
        }
        let stuck = state.stuck(now);
        let next = state.next_look(stuck.look_again);
        state.watched_until = next;
        self.settle(state, 0);
        if stuck.hands > 0 {
            self.crew.reinforce(self, stuck.hands);
        }
        next
    }

    /// Resolves when [`overdue`](Board::overdue) has to look again before the moment it gave.
    pub(crate) fn sooner(&self) -> Notified<'_> {
        self.sooner.notified()
    }

    pub(crate) fn progress(&self, row: usize, text: String) {
        self.state.lock().rows[row].progress = Some(text);
    }

    pub(crate) fn nothing_to_close(&self, row: usize) {
        self.state.lock().rows[row].nothing_to_close = true;
    }

    /// The names of the steps that have run for a while, with how long they have and may yet: the
    /// innermost only.
    pub(crate) fn running(&self, now: Instant) -> Vec<String> {
        let state = self.state.lock();
        let is_parent = |row: usize| {
            let mut open = state.open.iter();
            open.any(|&below| state.rows[below].parent == Some(row))
        };
        let mut running = Vec::new();
        for &row in &state.open {
            let waited_for = &state.rows[row];
            if waited_for.took(now) >= A_WHILE && !is_parent(row) {
                running.push(waited_for.waited_for(now));
            }
        }
        running
    }

    /// What has happened so far, as a tree.
    pub(crate) fn report(&self) -> Vec<StepReport> {
        let state = self.state.lock();
        row::report(&state.rows, self.began, Instant::now())
    }

    /// Unlocks the state, and does what follows from the changes.
    fn settle(self: &Arc<Self>, mut state: Locked<'_, State>, own_hands: usize) {
        let after = std::mem::take(&mut state.after);
        drop(state);
        for (name, outcome, took) in after.ended {
            self.observer.step_ended(&name, &outcome, took);
        }
        let hands = after.hands.saturating_sub(own_hands);
        let short = hands > 0 && !self.crew.call(self, hands);
        if after.sooner || (short && !after.looked_after) {
            self.sooner.notify_one();
        }
        for waker in after.wake {
            wake(|| waker.wake());
        }
        if !after.left.is_empty() {
            self.crew.dispose(after.left);
        }
        // Last, since it may block: the error that a step ended with after it had been taken away.
        drop_caught(after.refused);
    }
}

/// Drops what is the user's: where that panics, nobody is there to hear it.
pub(crate) fn drop_caught<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        caught(payload);
    }
}

/// Brings a parked step back.
struct StepWaker {
    board: Weak<Board>,
    lease: Lease,
}

impl Wake for StepWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(board) = self.board.upgrade() {
            board.wake(self.lease);
        }
    }
}
