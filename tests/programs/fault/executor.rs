//! Faults that take the runtime's threads away.

use crate::app::FOR_EVER;
use crate::marks::{mark, ready_once_running};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncReadExt as _;

/// Marks `ready` once `wanted` of those that it was cloned for are at their fault.
#[derive(Clone)]
struct Gathering {
    arrived: Arc<AtomicUsize>,
    wanted: usize,
}

impl Gathering {
    fn of(wanted: usize) -> Self {
        Self {
            arrived: Arc::default(),
            wanted,
        }
    }

    fn arrive(&self) {
        if self.arrived.fetch_add(1, Ordering::SeqCst) + 1 == self.wanted {
            ready_once_running();
        }
    }
}

/// Tasks that block their worker, on as many workers.
pub(crate) fn block_workers(workers: usize) {
    let gathering = Gathering::of(workers);
    for _ in 0..workers {
        let gathering = gathering.clone();
        tokio::spawn(async move {
            gathering.arrive();
            std::thread::sleep(FOR_EVER);
        });
    }
}

/// How many workers there are to block: where the main thread is one, that is the one.
pub(crate) fn workers() -> usize {
    tokio::runtime::Handle::current().metrics().num_workers()
}

/// tokio's default number of blocking threads, all asleep.
pub(crate) fn fill_blocking_pool() {
    const THREADS: usize = 512;

    let gathering = Gathering::of(THREADS);
    for _ in 0..THREADS {
        let gathering = gathering.clone();
        tokio::task::spawn_blocking(move || {
            gathering.arrive();
            std::thread::sleep(FOR_EVER);
        });
    }
}

pub(crate) fn block_for_ever() {
    tokio::task::spawn_blocking(|| {
        ready_once_running();
        std::thread::sleep(FOR_EVER);
    });
}

/// Reads from a pipe that stays open and empty.
pub(crate) fn read_stdin() {
    tokio::spawn(async {
        let mut byte = [0];
        let mut stdin = tokio::io::stdin();
        ready_once_running();
        let read = stdin.read(&mut byte).await;
        mark(&format!("read {read:?}"));
    });
}
