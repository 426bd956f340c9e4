//! Where guards count: one cell for each tracker, place and thread, so that threads that take guards
//! side by side never write to the same line of memory.

use super::count::{Count, Left};
use super::slab::{Since, Slab};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use tokio::task::AbortHandle;

/// Cells that no tracker uses. They are never freed, so that a guard is one plain reference; there
/// are as many as were ever in use at the same time.
static POOL: Mutex<Vec<&'static Cell>> = Mutex::new(Vec::new());

/// Two lines of 64 bytes, as processors fetch them.
#[repr(align(128))]
pub(super) struct Cell {
    pub(super) count: Count,
    // A mutex: each spawned task takes it twice, when it begins and when it ends.
    tasks: Mutex<Slab>,
    /// Who is told that the last one has left. A mutex: taken once the tracker is closed.
    home: Mutex<Option<Weak<dyn Home>>>,
}

/// Whose cells they are.
pub(super) trait Home: Send + Sync {
    /// The last one of a closed cell has left.
    fn last_left(&self);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No user code runs under any of these locks, so what is poisoned is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cell {
    /// A cell of which nobody else knows.
    pub(super) fn take(home: Weak<dyn Home>) -> &'static Self {
        let pooled = lock(&POOL).pop();
        let cell = pooled.unwrap_or_else(|| {
            Box::leak(Box::new(Self {
                count: Count::new(),
                tasks: Mutex::new(Slab::EMPTY),
                home: Mutex::new(None),
            }))
        });
        cell.count.reopen();
        *lock(&cell.home) = Some(home);
        cell
    }

    /// Gives the cell back to the pool.
    fn dispose(&'static self) {
        *lock(&self.tasks) = Slab::EMPTY;
        *lock(&self.home) = None;
        lock(&POOL).push(self);
    }

    /// The tracker is gone; what is still in disposes of the cell.
    pub(super) fn abandon(&'static self) {
        if self.count.abandon() {
            self.dispose();
        }
    }

    #[inline]
    pub(super) fn leave(&'static self) {
        let left = self.count.leave();
        if left != Left::Nothing {
            self.left(left);
        }
    }

    #[cold]
    fn left(&'static self, left: Left) {
        match left {
            Left::Nothing => {}
            Left::Last => {
                // Upgraded in a statement of its own: should this be the last handle, its drop
                // takes the lock again.
                let home = lock(&self.home).as_ref().and_then(Weak::upgrade);
                if let Some(home) = home {
                    home.last_left();
                }
            }
            Left::LastOfGone => self.dispose(),
        }
    }

    /// How many guards and tasks there are.
    pub(super) fn len(&self) -> usize {
        let tasks = lock(&self.tasks).running();
        (self.count.get() + tasks).saturating_sub(usize::from(tasks > 0))
    }

    /// An entry for one more task; `None` where the cell is closed.
    ///
    /// All tasks together count as one, which enters with the first and leaves with the last: the
    /// others need no instruction of their own to be counted. They are admitted beside one that is
    /// in, so the count is no zero meanwhile.
    pub(super) fn begin(&'static self, since: Since) -> Option<u32> {
        let mut tasks = lock(&self.tasks);
        if tasks.running() > 0 {
            return (!self.count.is_closed()).then(|| tasks.begin(since));
        }
        if self.count.enter() {
            return Some(tasks.begin(since));
        }
        drop(tasks);
        self.leave();
        None
    }

    pub(super) fn attach(&self, task: u32, handle: Option<AbortHandle>) {
        let at_once = lock(&self.tasks).attach(task, handle);
        if let Some(handle) = at_once {
            handle.abort();
        }
    }

    pub(super) fn end(&'static self, task: u32) {
        let mut tasks = lock(&self.tasks);
        let handle = tasks.end(task);
        let last = tasks.running() == 0;
        drop(tasks);
        drop(handle);
        if last {
            self.leave();
        }
    }

    /// When the oldest of its tasks was spawned. The lock is held for one chunk at a time.
    pub(super) fn oldest(&self) -> Option<Since> {
        let (mut oldest, mut chunk) = (None, 0);
        let mut look = |since, _: Option<&_>| {
            if oldest.is_none_or(|oldest| since < oldest) {
                oldest = Some(since);
            }
        };
        while lock(&self.tasks).show(chunk, &mut look) {
            chunk += 1;
        }
        oldest
    }

    /// Aborts its tasks, and those that were admitted but have no handle yet.
    pub(super) fn abort(&self) {
        lock(&self.tasks).abort_at_once();
        let mut chunk = 0;
        loop {
            let mut handles = Vec::new();
            let is_there = lock(&self.tasks).show(chunk, &mut |_, handle| {
                if let Some(handle) = handle {
                    handles.push(handle.clone());
                }
            });
            if !is_there {
                return;
            }
            for handle in handles {
                handle.abort();
            }
            chunk += 1;
        }
    }
}
