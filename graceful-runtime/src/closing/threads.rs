//! The closing threads: they carry out steps, and one that is stuck in a step is left behind with it.

use super::carry_out::attend;
use super::spare::Spare;
use super::tasks::Tasks;
use crate::board::{Board, Crew, Left, drop_caught};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;

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
    /// Where steps find timers and I/O while the user's runtime does not answer.
    spare: Spare,
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
            spare: Spare::default(),
            bench: Mutex::default(),
            called: Condvar::new(),
        }))
    }

    /// Says whether the user's runtime runs what is spawned on it. While it does not, steps find
    /// a small runtime of ours instead.
    pub(crate) fn set_answers(&self, answers: bool) {
        self.0.answers.store(answers, Ordering::Relaxed);
    }

    /// The runtime that is to answer.
    pub(crate) fn handle(&self) -> &Handle {
        &self.0.handle
    }

    /// Starts `count` threads; `false` where fewer are to be had. Where there is none at all the steps
    /// are tasks of the user's runtime, which is better than nothing.
    fn start(&self, board: &Arc<Board>, count: usize) -> bool {
        self.0.bench().alive += count;
        for started in 0..count {
            let (shared, steps) = (self.0.clone(), board.clone());
            if !spawn("graceful-closing", move || shared.attend(&steps)) {
                let alive = {
                    let mut bench = self.0.bench();
                    bench.alive -= count - started;
                    bench.alive
                };
                return alive == 0 && Tasks(self.0.handle.clone()).call(board, 1);
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
        let left = Arc::new(Mutex::new(left));
        let take = |left: &Mutex<Vec<Left>>| {
            std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner))
        };
        let there = left.clone();
        if !spawn("graceful-drop", move || {
            take(&there).into_iter().for_each(drop_caught);
        }) {
            // No thread is to be had, and whoever calls this has to be on time: never dropped at all.
            std::mem::forget(take(&left));
        }
    }

    fn dismiss(&self) {
        self.0.bench().over = true;
        self.0.called.notify_all();
        self.0.spare.end();
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
        while self.wait_for_steps(board) {
            let answers = self.answers();
            let spare = if answers { None } else { self.spare.handle() };
            // A close may need no runtime that answers, so without a spare one they go on.
            let runtime = spare.unwrap_or_else(|| self.handle.clone());
            let _entered = runtime.enter();
            attend(board, || self.answers() == answers);
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
