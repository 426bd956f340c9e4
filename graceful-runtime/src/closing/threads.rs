//! The closing threads: they carry out steps, and one that is stuck in a step is left behind with it.

use super::carry_out::{attend, attend_each};
use crate::board::{Board, Crew, Left, Seat};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Builder, Handle, Runtime};

/// So many threads are started without waiting for those that there are: most states have fewer
/// steps at the same time. Beyond that one is started when the others are seen to be stuck.
const AT_ONCE: usize = 8;

/// Threads that take steps from the board.
#[derive(Clone)]
pub(crate) struct Threads(Arc<Shared>);

struct Shared {
    /// The user's runtime: closes find their I/O and timers there.
    handle: Handle,
    /// Runs first on each thread.
    on_start: Box<dyn Fn() + Send + Sync>,
    /// Whether the user's runtime answers. Relaxed: a hint that publishes nothing else; a step
    /// begun on the wrong runtime for a moment is bounded by its limit all the same.
    answers: AtomicBool,
    // A mutex with a condition: taken only when a thread runs out of steps, or more are needed.
    bench: Mutex<Bench>,
    called: Condvar,
}

#[derive(Default)]
struct Bench {
    /// Started and not ended, the stuck ones too.
    alive: usize,
    idle: usize,
    calls: usize,
    over: bool,
}

impl Threads {
    pub(crate) fn new(handle: Handle, on_start: Box<dyn Fn() + Send + Sync>) -> Self {
        Self(Arc::new(Shared {
            handle,
            on_start,
            answers: AtomicBool::new(true),
            bench: Mutex::default(),
            called: Condvar::new(),
        }))
    }

    /// Says whether the user's runtime runs what is spawned on it. While it does not, steps run on
    /// a small runtime of their own thread.
    pub(crate) fn set_answers(&self, answers: bool) {
        self.0.answers.store(answers, Ordering::Relaxed);
    }

    /// The runtime that is to answer.
    pub(crate) fn handle(&self) -> &Handle {
        &self.0.handle
    }

    /// Starts `count` threads; `false` where fewer are to be had.
    fn start(&self, board: &Arc<Board>, count: usize) -> bool {
        self.0.bench().alive += count;
        for started in 0..count {
            let (shared, board) = (self.0.clone(), board.clone());
            if !spawn("graceful-closing", move || shared.attend(&board)) {
                self.0.bench().alive -= count - started;
                return false;
            }
        }
        true
    }
}

impl Crew for Threads {
    fn call(&self, board: &Arc<Board>, count: usize) -> bool {
        let missing = count - self.0.call_idle(count);
        if missing == 0 {
            return true;
        }
        let room = AT_ONCE.saturating_sub(self.0.bench().alive);
        // All of what there is room for is started, also where that is not enough.
        self.start(board, missing.min(room)) && missing <= room
    }

    fn reinforce(&self, board: &Arc<Board>, count: usize) {
        let missing = count - self.0.call_idle(count);
        // Where none is to be had, those that there are take the steps as they come back.
        self.start(board, missing);
    }

    fn dispose(&self, left: Vec<Left>) {
        // Where there is no thread to be had, they are dropped with the closure, here.
        spawn("graceful-drop", move || {
            for left in left {
                // One that panics is no reason not to drop the others.
                drop(catch_unwind(AssertUnwindSafe(|| drop(left))));
            }
        });
    }

    fn dismiss(&self) {
        self.0.bench().over = true;
        self.0.called.notify_all();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> bool {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(run).is_ok()
}

impl Shared {
    fn bench(&self) -> MutexGuard<'_, Bench> {
        // No user code runs under the lock, so a poisoned bench is a whole one.
        self.bench.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> bool {
        self.answers.load(Ordering::Relaxed)
    }

    /// Calls up to `count` threads from the bench; how many come.
    fn call_idle(&self, count: usize) -> usize {
        let coming = {
            let mut bench = self.bench();
            let coming = count.min(bench.idle);
            bench.idle -= coming;
            bench.calls += coming;
            coming
        };
        for _ in 0..coming {
            self.called.notify_one();
        }
        coming
    }

    fn attend(&self, board: &Arc<Board>) {
        (self.on_start)();
        let mut own = Own::NotNeededYet;
        while self.wait_for_steps(board) {
            if self.answers() {
                let _entered = self.handle.enter();
                attend(board, || self.answers());
                continue;
            }
            if let Some(runtime) = own.get() {
                let seat = Arc::new(Seat::default());
                runtime.block_on(attend_each(board, &seat, || !self.answers()));
            } else {
                // A close may need no runtime that answers.
                let _entered = self.handle.enter();
                attend(board, || true);
            }
        }
        if let Own::Runs(runtime) = own {
            runtime.shutdown_background();
        }
    }

    /// Waits until steps need a hand; `false` once all is over.
    fn wait_for_steps(&self, board: &Arc<Board>) -> bool {
        if board.has_ready() {
            return true;
        }
        let mut bench = self.bench();
        bench.idle += 1;
        while bench.calls == 0 && !bench.over {
            bench = self
                .called
                .wait(bench)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if bench.over {
            bench.alive -= 1;
            return false;
        }
        bench.calls -= 1;
        true
    }
}

/// A thread's own runtime, for as long as the user's does not answer.
enum Own {
    NotNeededYet,
    Runs(Runtime),
    NotToBeHad,
}

impl Own {
    fn get(&mut self) -> Option<&Runtime> {
        if let Self::NotNeededYet = self {
            *self = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => Self::Runs(runtime),
                Err(_) => Self::NotToBeHad,
            };
        }
        match self {
            Self::Runs(runtime) => Some(runtime),
            Self::NotNeededYet | Self::NotToBeHad => None,
        }
    }
}
