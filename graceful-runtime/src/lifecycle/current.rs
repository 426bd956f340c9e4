//! Which lifecycle the calling code belongs to.

use super::Lifecycle;
use crate::lock::Lock;
use crate::phase::Phase;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Weak};

thread_local! {
    static CURRENT: RefCell<Weak<Lifecycle>> = const { RefCell::new(Weak::new()) };
}

// A mutex: taken when a lifecycle begins, and by threads that belong to none.
static ALL: Lock<Vec<Weak<Lifecycle>>> = Lock::new(Vec::new());

pub(super) fn register(lifecycle: &Arc<Lifecycle>) {
    let mut all = ALL.lock();
    all.retain(|other| other.strong_count() > 0);
    all.push(Arc::downgrade(lifecycle));
}

pub(super) fn forget(lifecycle: &Lifecycle) {
    let mut all = ALL.lock();
    all.retain(|other| !std::ptr::eq(other.as_ptr(), lifecycle));
}

/// While it lives, the thread belongs to the lifecycle.
pub(crate) struct Entered(Weak<Lifecycle>);

/// Makes `lifecycle` the current one of this thread.
#[inline(never)]
pub(crate) fn enter(lifecycle: &Weak<Lifecycle>) -> Entered {
    Entered(CURRENT.replace(lifecycle.clone()))
}

impl Entered {
    /// The thread belongs to it until it ends.
    pub(crate) fn for_good(self) {
        std::mem::forget(self);
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // The thread may be ending, and its locals gone.
        let _ = CURRENT.try_with(|current| current.replace(std::mem::take(&mut self.0)));
    }
}

/// There is no lifecycle that the calling code could mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoLifecycle {
    /// None is running in this process.
    None,
    /// Several are, and the calling thread belongs to none of them.
    Several,
}

impl fmt::Display for NoLifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => {
                "no graceful lifecycle is running: call this from a program under \
                 `#[graceful::main]` or `#[graceful::test]`, or from what it spawned"
            }
            Self::Several => {
                "several graceful lifecycles are running, and this thread belongs to none: take a \
                 `graceful::Handle` where the right one is current, and use it here"
            }
        })
    }
}

impl std::error::Error for NoLifecycle {}

pub(super) fn current() -> Result<Arc<Lifecycle>, NoLifecycle> {
    let own = CURRENT.try_with(|current| current.borrow().upgrade());
    if let Ok(Some(lifecycle)) = own {
        return Ok(lifecycle);
    }
    // Dropped outside of the lock: the last one of a life drops what was registered with it.
    let (mut running, mut stopped) = (Vec::new(), Vec::new());
    for life in &*ALL.lock() {
        if let Some(life) = life.upgrade() {
            let is_over = life.phase() == Phase::Stopped;
            let lives = if is_over { &mut stopped } else { &mut running };
            lives.push(life);
        }
    }
    match only(&running) {
        // At its very end, what it has started may still ask.
        Err(NoLifecycle::None) => only(&stopped).map_err(|_| NoLifecycle::None),
        found => found,
    }
}

fn only(lives: &[Arc<Lifecycle>]) -> Result<Arc<Lifecycle>, NoLifecycle> {
    match lives {
        [only] => Ok(only.clone()),
        [] => Err(NoLifecycle::None),
        _ => Err(NoLifecycle::Several),
    }
}
