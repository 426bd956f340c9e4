//! The tracker's counting: who is admitted, who is refused, and who wakes the one that waits.

#[path = "../../graceful-runtime/src/tracker/count.rs"]
mod count;
#[path = "../../graceful-runtime/src/tracker/shards.rs"]
mod shards;

mod sync {
    pub(super) use loom::sync::atomic::{AtomicUsize, Ordering};
    pub(super) use loom::sync::{Mutex, MutexGuard};
}

use crate::model;
use count::{Count, Left};
use loom::sync::Notify;
use loom::thread::{self, JoinHandle};
use shards::{Counted, Shards};
use std::sync::Arc;
use sync::{AtomicUsize, Mutex, Ordering};

impl Counted for Arc<Count> {
    fn count(&self) -> &Count {
        self
    }
}

/// What of the tracker takes part: cells, and one that waits.
struct Tracker {
    shards: Shards<Arc<Count>>,
    drained: Notify,
    /// Changed under guards only.
    done: AtomicUsize,
}

impl Tracker {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            shards: Shards::new(),
            drained: Notify::new(),
            done: AtomicUsize::new(0),
        })
    }

    /// The cell of a thread that comes for the first time.
    fn cell(&self) -> Option<Arc<Count>> {
        let mut all = self.shards.open()?;
        all.push(Arc::new(Count::new()));
        all.last().cloned()
    }

    /// One piece of work; whether it was admitted.
    fn work(&self, cell: &Count) -> bool {
        let admitted = cell.enter();
        if admitted {
            // Relaxed: it is the guard that makes it seen.
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        self.leave(cell);
        admitted
    }

    /// A task, begun and ended: all that run at the same time count as one, as in `Cell::begin`.
    fn task(&self, cell: &Count, running: &Mutex<usize>) -> bool {
        let mut tasks = running.lock().expect("no panics");
        let admitted = if *tasks > 0 {
            !cell.is_closed()
        } else {
            cell.enter()
        };
        if !admitted {
            let counted = *tasks == 0;
            drop(tasks);
            if counted {
                self.leave(cell);
            }
            return false;
        }
        *tasks += 1;
        drop(tasks);
        self.done.fetch_add(1, Ordering::Relaxed);
        let mut tasks = running.lock().expect("no panics");
        *tasks -= 1;
        let last = *tasks == 0;
        drop(tasks);
        if last {
            self.leave(cell);
        }
        true
    }

    fn leave(&self, cell: &Count) {
        if cell.leave() == Left::Last {
            self.last_left();
        }
    }

    fn last_left(&self) {
        if self.shards.is_drained() {
            self.drained.notify();
        }
    }

    fn close(&self) {
        self.shards.close();
        self.last_left();
    }

    /// Ends with loom's complaint of a deadlock where the wake-up is missed.
    fn wait(&self) {
        while !self.shards.is_drained() {
            self.drained.wait();
        }
        assert!(self.shards.left().is_empty());
    }
}

fn spawn<T: 'static>(
    tracker: &Arc<Tracker>,
    work: impl FnOnce(&Tracker) -> T + 'static,
) -> JoinHandle<T> {
    let tracker = tracker.clone();
    thread::spawn(move || work(&tracker))
}

/// Waits, and then looks whether all that was admitted is done.
fn close_and_wait(tracker: &Tracker, workers: Vec<JoinHandle<usize>>) {
    tracker.close();
    tracker.wait();
    let done = tracker.done.load(Ordering::Relaxed);
    let admitted: usize = workers
        .into_iter()
        .map(|worker| worker.join().expect("a worker"))
        .sum();
    assert_eq!(done, admitted);
}

#[test]
fn threads_with_cells_of_their_own() {
    model(|| {
        let tracker = Tracker::new();
        let workers = (0..2).map(|_| {
            let cell = tracker.cell().expect("open");
            spawn(&tracker, move |tracker| usize::from(tracker.work(&cell)))
        });
        let workers = workers.collect();
        close_and_wait(&tracker, workers);
    });
}

#[test]
fn threads_that_share_a_cell() {
    model(|| {
        let tracker = Tracker::new();
        let cell = tracker.cell().expect("open");
        let workers = (0..2).map(|_| {
            let cell = cell.clone();
            spawn(&tracker, move |tracker| usize::from(tracker.work(&cell)))
        });
        let workers = workers.collect();
        close_and_wait(&tracker, workers);
    });
}

#[test]
fn tasks_that_count_as_one() {
    model(|| {
        let tracker = Tracker::new();
        let cell = tracker.cell().expect("open");
        let running = Arc::new(Mutex::new(0));
        let workers = (0..2).map(|_| {
            let (cell, running) = (cell.clone(), running.clone());
            spawn(&tracker, move |tracker| {
                usize::from(tracker.task(&cell, &running))
            })
        });
        let workers = workers.collect();
        close_and_wait(&tracker, workers);
    });
}

#[test]
fn a_refusal_beside_the_last_one() {
    model(|| {
        let tracker = Tracker::new();
        let [held, empty] = [tracker.cell().expect("open"), tracker.cell().expect("open")];
        assert!(held.enter());
        tracker.close();
        let leaves = spawn(&tracker, move |tracker| tracker.leave(&held));
        let refused = spawn(&tracker, move |tracker| tracker.work(&empty));
        tracker.wait();
        leaves.join().expect("a thread");
        assert!(!refused.join().expect("a thread"));
    });
}

#[test]
fn a_thread_that_comes_while_closing() {
    model(|| {
        let tracker = Tracker::new();
        let comes = spawn(&tracker, |tracker| {
            let admitted = tracker.cell().is_some_and(|cell| tracker.work(&cell));
            usize::from(admitted)
        });
        close_and_wait(&tracker, vec![comes]);
    });
}

#[test]
fn who_is_refused_sees_what_came_before_the_close() {
    model(|| {
        let tracker = Tracker::new();
        let cell = tracker.cell().expect("open");
        let refused = spawn(&tracker, move |tracker| {
            let counting = !cell.enter();
            assert!(!counting || tracker.done.load(Ordering::Relaxed) == 1);
            let asking = tracker.cell().is_none();
            assert!(!asking || tracker.done.load(Ordering::Relaxed) == 1);
        });
        tracker.done.store(1, Ordering::Relaxed);
        tracker.shards.close();
        refused.join().expect("a thread");
    });
}

#[test]
fn a_branch_holds_the_close_up() {
    model(|| {
        let tracker = Tracker::new();
        let cell = tracker.cell().expect("open");
        assert!(cell.enter());
        let works = spawn(&tracker, move |tracker| {
            cell.enter_beside();
            tracker.leave(&cell);
            tracker.done.fetch_add(1, Ordering::Relaxed);
            tracker.leave(&cell);
            1
        });
        close_and_wait(&tracker, vec![works]);
    });
}

#[test]
fn exactly_one_disposes_of_a_cell() {
    model(|| {
        let cell = Arc::new(Count::new());
        assert!(cell.enter() && cell.enter());
        let leaving = [cell.clone(), cell.clone()]
            .map(|cell| thread::spawn(move || cell.leave() == Left::LastOfGone));
        let mut disposals = u32::from(cell.abandon());
        for left in leaving {
            disposals += u32::from(left.join().expect("a thread"));
        }
        assert_eq!(disposals, 1);
        // The next tracker that gets it finds it open.
        cell.reopen();
        assert!(cell.enter());
    });
}
