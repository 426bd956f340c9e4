//! Which lifecycle the calling code belongs to.
//!
//! A thread that belongs to none finds the program's, where there is exactly one. It never finds that of a
//! test or of an [`Embedded`](crate::Embedded): in a test binary those belong to other tests.

use super::state::Lifecycle;
use super::terms::Terms;
use crate::lock::Lock;
use crate::phase::Phase;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Weak};

thread_local! {
    static CURRENT: RefCell<Weak<Lifecycle>> = const { RefCell::new(Weak::new()) };
}

// A mutex: taken when a program's lifecycle begins, and by threads that belong to none.
static OF_PROCESS: Lock<Vec<Weak<Lifecycle>>> = Lock::new(Vec::new());

impl Lifecycle {
    /// Of a program: it is also current on threads that belong to no lifecycle.
    pub(crate) fn of_process(body_is_start_up: bool, terms: Terms) -> Arc<Self> {
        let lifecycle = Self::new(body_is_start_up, terms);
        let mut all = OF_PROCESS.lock();
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&lifecycle));
        drop(all);
        lifecycle
    }

    /// From here on it is nobody's current one but its own threads'.
    pub(crate) fn forget(&self) {
        let mut all = OF_PROCESS.lock();
        all.retain(|other| !std::ptr::eq(other.as_ptr(), self));
    }
}

/// While it lives, the thread belongs to the lifecycle.
pub(crate) struct Entered(Weak<Lifecycle>);

/// Makes `lifecycle` the current one of this thread.
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
    /// The calling thread belongs to none, and the process has none of its own.
    None,
    /// The calling thread belongs to none, and the process has several.
    Several,
}

impl fmt::Display for NoLifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => {
                "no graceful lifecycle is current here. In a program, call this under \
                 `#[graceful::main]`; in a test, under `#[graceful::test]`. In a library, take a \
                 `graceful::Handle` or a future from the caller, or ask `Handle::try_current()`. \
                 What runs in a `graceful::Embedded` uses its `handle()`, or its `handle().scope(future)`"
            }
            Self::Several => {
                "several graceful lifecycles are running, and this thread belongs to none of them. \
                 Take a `graceful::Handle` where the right one is current, and use it here; \
                 `Handle::try_current()` tells instead of panicking"
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
    // Dropped outside of the lock: the last reference drops what was registered.
    let (mut running, mut stopped) = (Vec::new(), Vec::new());
    for lifecycle in &*OF_PROCESS.lock() {
        if let Some(lifecycle) = lifecycle.upgrade() {
            let is_over = lifecycle.phase() == Phase::Stopped;
            let found = if is_over { &mut stopped } else { &mut running };
            found.push(lifecycle);
        }
    }
    match only(&running) {
        // At its very end, what it has started may still ask.
        Err(NoLifecycle::None) => only(&stopped).map_err(|_| NoLifecycle::None),
        found => found,
    }
}

fn only(found: &[Arc<Lifecycle>]) -> Result<Arc<Lifecycle>, NoLifecycle> {
    match found {
        [only] => Ok(only.clone()),
        [] => Err(NoLifecycle::None),
        _ => Err(NoLifecycle::Several),
    }
}
