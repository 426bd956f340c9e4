//! One task: its future, its waker, and its cancellation.

use crate::futures::Boxed;
use crate::lock::Lock;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

pub(crate) type TaskFuture = Boxed<'static>;

/// A close that has something to do has fewer turns in a row: of a full channel it has taken a million items by then.
const SPINS: u32 = 10_000;

/// One that has no turn for longer waits for something. What spins has one each millisecond.
const WAITS: Duration = Duration::from_millis(2);

/// Makes a task's future: called once, on the thread that polls it first, where it may block.
pub(crate) type Begin = Box<dyn FnOnce() -> TaskFuture + Send>;

/// Where a task goes that is to be polled.
pub(super) trait ReadyQueue: Send + Sync {
    fn push(self: Arc<Self>, task: Arc<Task>);
}

pub(crate) struct Task {
    ready: Arc<dyn ReadyQueue>,
    is_control: bool,
    // A mutex: a task is woken and cancelled while it is polled. Never held across its code.
    state: Lock<State>,
}

struct State {
    /// None while it is polled, and once it has ended.
    work: Option<Work>,
    is_queued: bool,
    /// Its waker was called while it was polled.
    is_woken: bool,
    /// How many in a row, and when the last one was.
    turns: (u32, Option<Instant>),
    is_cancelled: bool,
}

enum Work {
    Begin(Begin),
    Poll(TaskFuture),
}

impl Task {
    pub(super) fn spawn(ready: Arc<dyn ReadyQueue>, is_control: bool, begin: Begin) -> Arc<Self> {
        let task = Arc::new(Self {
            ready: ready.clone(),
            is_control,
            state: Lock::new(State {
                work: Some(Work::Begin(begin)),
                is_queued: true,
                is_woken: false,
                turns: (0, None),
                is_cancelled: false,
            }),
        });
        ready.push(task.clone());
        task
    }

    /// Counts a turn in the user's runtime, and tells whether it has asked again and again, in place of waiting for something.
    pub(super) fn spins(&self) -> bool {
        let now = Instant::now();
        let (turns, last) = &mut self.state.lock().turns;
        let waited = last.is_none_or(|last| now.saturating_duration_since(last) > WAITS);
        *turns = if waited { 0 } else { turns.saturating_add(1) };
        *last = Some(now);
        *turns > SPINS
    }

    pub(super) fn is_control(&self) -> bool {
        self.is_control
    }

    /// Has it dropped, where a `Drop` that blocks holds up nobody: at once, or once its poll returns.
    pub(crate) fn cancel(self: &Arc<Self>) {
        self.state.lock().is_cancelled = true;
        self.wake_by_ref();
    }

    /// Polls it once on this thread, which is one of ours: inside of the user's runtime, with a budget of
    /// tokio's as in a task of its own.
    pub(super) fn poll_on_thread(self: Arc<Self>, runtime: &Handle) {
        // A close is begun, and dropped, outside of `block_on`, where it may block and call that itself.
        let _entered = runtime.enter();
        self.poll_with(&mut |future, waker| {
            let mut polled = Poll::Pending;
            let once: Pin<&mut dyn Future<Output = ()>> = pin!(poll_fn(|_| {
                polled = future.as_mut().poll(&mut Context::from_waker(waker));
                Poll::Ready(())
            }));
            runtime.block_on(once);
            polled
        });
    }

    /// Polls it once where a runtime polls already, or none is needed.
    pub(super) fn poll_here(self: Arc<Self>) {
        self.poll_with(&mut |future, waker| future.as_mut().poll(&mut Context::from_waker(waker)));
    }

    fn poll_with(self: Arc<Self>, poll: &mut dyn FnMut(&mut TaskFuture, &Waker) -> Poll<()>) {
        let (work, is_cancelled) = {
            let mut state = self.state.lock();
            state.is_queued = false;
            (state.work.take(), state.is_cancelled)
        };
        if is_cancelled {
            return;
        }
        let mut future = match work {
            Some(Work::Begin(begin)) => begin(),
            Some(Work::Poll(future)) => future,
            None => return,
        };
        let waker = Waker::from(self.clone());
        if poll(&mut future, &waker).is_pending() {
            self.put_back(future);
        }
    }

    /// Keeps the future until its waker is called; drops it where it was cancelled meanwhile.
    fn put_back(self: &Arc<Self>, future: TaskFuture) {
        let is_woken = {
            let mut state = self.state.lock();
            if state.is_cancelled {
                drop(state);
                drop(future);
                return;
            }
            state.work = Some(Work::Poll(future));
            state.is_queued = std::mem::take(&mut state.is_woken);
            state.is_queued
        };
        if is_woken {
            self.ready.clone().push(self.clone());
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        {
            let mut state = self.state.lock();
            if state.work.is_none() {
                state.is_woken = true;
                return;
            }
            if std::mem::replace(&mut state.is_queued, true) {
                return;
            }
        }
        self.ready.clone().push(self.clone());
    }
}
