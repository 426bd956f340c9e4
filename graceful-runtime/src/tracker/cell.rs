//! Where guards count: one cell for each tracker, place and thread, so that threads that take guards
//! side by side never write to the same line of memory.

use super::count::{Count, Left};
use super::slab::{Since, Slab};
use crate::lock::Lock;
use std::sync::Weak;
use tokio::task::AbortHandle;

/// Cells that no tracker uses. They are never freed, so that a guard is one plain reference; there
/// are as many as were ever in use at the same time.
static POOL: Lock<Vec<&'static Cell>> = Lock::new(Vec::new());

/// Two lines of 64 bytes, as processors fetch them.
#[repr(align(128))]
pub(super) struct Cell {
    pub(super) count: Count,
    // A mutex: each spawned task takes it twice, when it begins and when it ends.
    tasks: Lock<Slab>,
    /// Who is told that the last one has left. A mutex: taken once the tracker is closed.
    home: Lock<Option<Weak<dyn Home>>>,
}

/// Whose cells they are.
pub(super) trait Home: Send + Sync {
    /// The last one of a closed cell has left.
    fn last_left(&self);
}

impl Cell {
    /// A cell of which nobody else knows.
    pub(super) fn take(home: Weak<dyn Home>) -> &'static Self {
        let pooled = POOL.lock().pop();
        let cell = pooled.unwrap_or_else(|| {
            Box::leak(Box::new(Self {
                count: Count::new(),
                tasks: Lock::new(Slab::EMPTY),
                home: Lock::new(None),
            }))
        });
        cell.count.reopen();
        *cell.home.lock() = Some(home);
        cell
    }

    /// Gives the cell back to the pool.
    fn dispose(&'static self) {
        *self.tasks.lock() = Slab::EMPTY;
        *self.home.lock() = None;
        POOL.lock().push(self);
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
                let home = self.home.lock().as_ref().and_then(Weak::upgrade);
                if let Some(home) = home {
                    home.last_left();
                }
            }
            Left::LastOfGone => self.dispose(),
        }
    }

    /// How many guards and tasks there are.
    pub(super) fn len(&self) -> usize {
        let tasks = self.tasks.lock().running();
        (self.count.get() + tasks).saturating_sub(usize::from(tasks > 0))
    }

    /// An entry for one more task; `None` where the cell is closed.
    ///
    /// All tasks together count as one, which enters with the first and leaves with the last: the
    /// others need no instruction of their own to be counted. They are admitted beside one that is
    /// in, so the count is no zero meanwhile.
    pub(super) fn begin(&'static self, since: Since) -> Option<u32> {
        let mut tasks = self.tasks.lock();
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
        let at_once = self.tasks.lock().attach(task, handle);
        if let Some(handle) = at_once {
            handle.abort();
        }
    }

    pub(super) fn end(&'static self, task: u32) {
        let mut tasks = self.tasks.lock();
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
        while self.tasks.lock().show(chunk, &mut look) {
            chunk += 1;
        }
        oldest
    }

    /// Aborts its tasks, and those that were admitted but have no handle yet.
    pub(super) fn abort(&self) {
        self.tasks.lock().abort_at_once();
        let mut chunk = 0;
        loop {
            let mut handles = Vec::new();
            let is_there = self.tasks.lock().show(chunk, &mut |_, handle| {
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
