//! The closing threads: each carries out one step at a time, and one that is stuck is left behind.

use super::carry_out::attend;
use crate::board::{Board, Crew, Job, Seat};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::runtime::{Builder, Handle, Runtime};

/// Threads that take steps from the board.
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
}

impl Clone for Threads {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Crew for Threads {
    fn call(&self, board: &Arc<Board>, count: usize) {
        let from_bench = {
            let mut bench = self.0.bench();
            let from_bench = count.min(bench.idle);
            bench.idle -= from_bench;
            bench.calls += from_bench;
            from_bench
        };
        for _ in 0..from_bench {
            self.0.called.notify_one();
        }
        for _ in from_bench..count {
            let (shared, board) = (self.0.clone(), board.clone());
            let spawned = spawn("graceful-closing", move || shared.attend(&board));
            if !spawned {
                // The threads that there are take the steps as they come back.
                return;
            }
        }
    }

    fn dispose(&self, jobs: Vec<Job>) {
        // Where there is no thread to be had, they are dropped with the closure, here.
        spawn("graceful-drop", move || drop(jobs));
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
    fn bench(&self) -> std::sync::MutexGuard<'_, Bench> {
        // No user code runs under the lock, so a poisoned bench is a whole one.
        self.bench.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> bool {
        self.answers.load(Ordering::Relaxed)
    }

    fn attend(&self, board: &Arc<Board>) {
        (self.on_start)();
        let seat = Arc::new(Seat::default());
        let mut own = None;
        loop {
            if !self.answers() && own.is_none() {
                own = Builder::new_current_thread().enable_all().build().ok();
            }
            match &own {
                Some(runtime) if !self.answers() => {
                    runtime.block_on(attend(board, &seat, || !self.answers()));
                }
                // Also where no runtime of its own is to be had: a close may need none.
                _ => self
                    .handle
                    .block_on(attend(board, &seat, || self.answers())),
            }
            if !self.wait_on_bench(board) {
                break;
            }
        }
        if let Some(runtime) = own {
            Runtime::shutdown_background(runtime);
        }
    }

    /// Waits until steps need a hand; `false` once all is over.
    fn wait_on_bench(&self, board: &Arc<Board>) -> bool {
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
            return false;
        }
        bench.calls -= 1;
        true
    }
}
