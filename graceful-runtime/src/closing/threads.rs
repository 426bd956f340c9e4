//! The closing threads: they carry out steps, and one that is stuck in a step is left behind with it.

use super::carry_out::attend;
use super::spare::Spare;
use super::tasks::Tasks;
use crate::board::{Board, Crew, Left, drop_caught};
use crate::erased::{spawn, start_thread};
use crate::lock::{Lock, wait};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar};
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
    /// Whether it has been asked and has not answered. Relaxed: at worst it is taken for blocked
    /// until it is asked again.
    asked: AtomicBool,
    // A mutex: touched once in a stop.
    once_it_is_known: Lock<Option<Then>>,
    /// Where steps find timers and I/O while the user's runtime does not answer.
    spare: Spare,
    // A mutex with a condition: taken only when a thread runs out of steps, or more are needed.
    bench: Lock<Bench>,
    called: Condvar,
}

/// What waits for the first answer.
type Then = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Bench {
    /// Started and not ended, the stuck ones too.
    alive: usize,
    /// Those that nobody has called.
    idle: usize,
    /// Those that were called and have not come yet.
    calls: usize,
    /// Where the steps are, from the first call to the end.
    board: Option<Arc<Board>>,
    over: bool,
}

impl Threads {
    pub(crate) fn new(handle: Handle, on_start: Box<dyn Fn() + Send + Sync>) -> Self {
        Self(Arc::new(Shared {
            handle,
            on_start,
            answers: AtomicBool::new(true),
            asked: AtomicBool::new(false),
            once_it_is_known: Lock::default(),
            spare: Spare::default(),
            bench: Lock::default(),
            called: Condvar::new(),
        }))
    }

    /// Calls `then` once it is known whether the user's runtime runs what is spawned on it: there,
    /// at the answer, so that it takes no turn of the supervisor.
    pub(crate) fn once_it_is_known(&self, then: impl FnOnce() + Send + 'static) {
        *self.0.once_it_is_known.lock() = Some(Box::new(then));
        self.ask();
        // A thread that is ready comes to its feet meanwhile.
        self.0.called.notify_one();
    }

    /// Has the user's runtime run a task that says so.
    pub(crate) fn ask(&self) {
        if !self.0.asked.swap(true, Ordering::Relaxed) {
            let answer = Answer {
                shared: self.0.clone(),
                has_run: false,
            };
            spawn(&self.0.handle, async move { answer.has_run() });
        }
    }

    /// Where there is no answer yet there will be none: steps find a small runtime of ours instead.
    pub(crate) fn answer_is_due(&self) {
        if self.0.asked.load(Ordering::Relaxed) {
            self.0.set_answers(false);
        }
    }

    /// Starts a thread ahead of the first call, so that the stop need not wait for one.
    pub(crate) fn make_ready(&self) {
        {
            let mut bench = self.0.bench.lock();
            if bench.alive > 0 {
                return;
            }
            bench.alive += 1;
            bench.idle += 1;
        }
        let shared = self.0.clone();
        if start_thread("graceful-closing", move || shared.attend()).is_err() {
            let mut bench = self.0.bench.lock();
            bench.alive -= 1;
            // Where it has been called meanwhile, the watcher finds out that nobody comes.
            bench.idle = bench.idle.saturating_sub(1);
        }
    }

    /// No more steps will come.
    pub(crate) fn dismiss(&self) {
        let board = {
            let mut bench = self.0.bench.lock();
            bench.over = true;
            // The board holds these threads too.
            bench.board.take()
        };
        drop(board);
        self.0.called.notify_all();
        self.0.spare.end();
    }

    /// Starts `count` threads, each of which counts as called; `false` where fewer are to be had.
    /// Where there is none at all the steps are tasks of the user's runtime, which is better than nothing.
    fn start(&self, board: &Arc<Board>, count: usize) -> bool {
        {
            let mut bench = self.0.bench.lock();
            bench.alive += count;
            bench.calls += count;
        }
        for started in 0..count {
            let shared = self.0.clone();
            if start_thread("graceful-closing", move || shared.attend()).is_err() {
                let alive = {
                    let mut bench = self.0.bench.lock();
                    bench.alive -= count - started;
                    bench.calls = bench.calls.saturating_sub(count - started);
                    bench.alive
                };
                return alive == 0 && Tasks(self.0.handle.clone()).call(board, 1);
            }
        }
        true
    }
}

/// Says that the user's runtime has run the task that holds it, or that it never will.
struct Answer {
    shared: Arc<Shared>,
    has_run: bool,
}

impl Answer {
    fn has_run(mut self) {
        self.has_run = true;
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.shared.asked.store(false, Ordering::Relaxed);
        self.shared.set_answers(self.has_run);
    }
}

impl Crew for Threads {
    fn call(&self, board: &Arc<Board>, count: usize) -> bool {
        // Whoever is on the way takes what one more would: of a thousand steps that are woken at once, each
        // would wake a thread, and they would meet at the board's lock. That one may get stuck in a step, so the answer is
        // that somebody has to look.
        if count == 1 && self.0.bench.lock().calls > 0 {
            return false;
        }
        let missing = count - self.0.call_idle(board, count);
        if missing == 0 {
            return true;
        }
        let room = AT_ONCE.saturating_sub(self.0.bench.lock().alive);
        // All of what there is room for is started, also where that is not enough.
        self.start(board, missing.min(room)) && missing <= room
    }

    fn reinforce(&self, board: &Arc<Board>, count: usize) {
        let missing = count - self.0.call_idle(board, count);
        // Where none is to be had, those that there are take the steps as they come back.
        self.start(board, missing);
    }

    fn dispose(&self, left: Vec<Left>) {
        let left = Arc::new(Lock::new(left));
        let take = |left: &Lock<Vec<Left>>| std::mem::take(&mut *left.lock());
        let there = left.clone();
        let drop_there = move || take(&there).into_iter().for_each(drop_caught);
        if start_thread("graceful-drop", drop_there).is_err() {
            // No thread is to be had, and whoever calls this has to be on time: never dropped at all.
            std::mem::forget(take(&left));
        }
    }
}

impl Shared {
    fn set_answers(&self, answers: bool) {
        self.answers.store(answers, Ordering::Relaxed);
        let then = self.once_it_is_known.lock().take();
        if let Some(then) = then {
            then();
        }
    }

    fn answers(&self) -> bool {
        self.answers.load(Ordering::Relaxed)
    }

    /// Calls up to `count` threads from the bench to the board; how many come.
    fn call_idle(&self, board: &Arc<Board>, count: usize) -> usize {
        let coming = {
            let mut bench = self.bench.lock();
            if bench.board.is_none() && !bench.over {
                bench.board = Some(board.clone());
            }
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

    fn attend(&self) {
        (self.on_start)();
        while let Some(board) = self.is_called() {
            loop {
                let answers = self.answers();
                let spare = if answers { None } else { self.spare.handle() };
                // A close may need no runtime that answers, so without a spare one they go on.
                let runtime = spare.unwrap_or_else(|| self.handle.clone());
                let entered = runtime.enter();
                attend(&board, &|| self.answers() == answers);
                drop(entered);
                if !board.has_ready() {
                    break;
                }
            }
            self.bench.lock().idle += 1;
        }
    }

    /// Waits for a call; `None` once all is over.
    fn is_called(&self) -> Option<Arc<Board>> {
        let mut bench = self.bench.lock();
        while bench.calls == 0 && !bench.over {
            bench = wait(bench, &self.called);
        }
        if bench.over {
            bench.alive -= 1;
            return None;
        }
        bench.calls -= 1;
        bench.board.clone()
    }
}
