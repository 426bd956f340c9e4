//! Who is given the finished report, and what is known of the stop before it is there.

use crate::lock::Lock;
use crate::report::Report;
use std::sync::OnceLock;

/// Called once with the finished report.
pub(crate) type ReportHook = Box<dyn FnOnce(&Report) + Send>;

/// The report as it stands now; none once nobody is there to say it.
type Source = Box<dyn Fn() -> Option<Report> + Send + Sync>;

#[derive(Default)]
pub(crate) struct Reporting {
    // A mutex: taken when a hook is registered, and at the end.
    hooks: Lock<Hooks>,
    source: OnceLock<Source>,
}

#[derive(Default)]
struct Hooks {
    waiting: Vec<ReportHook>,
    are_taken: bool,
}

impl Reporting {
    /// Drops it where nobody will call it any more: it may hold the lifecycle that would hold it.
    pub(super) fn add_hook(&self, hook: ReportHook) {
        let mut hooks = self.hooks.lock();
        if !hooks.are_taken {
            hooks.waiting.push(hook);
        }
    }

    /// None are registered any more.
    pub(crate) fn take_hooks(&self) -> Vec<ReportHook> {
        let mut hooks = self.hooks.lock();
        hooks.are_taken = true;
        std::mem::take(&mut hooks.waiting)
    }

    /// From here on it is known how far the stop is.
    pub(crate) fn set_source(&self, source: impl Fn() -> Option<Report> + Send + Sync + 'static) {
        // Nobody else sets it.
        drop(self.source.set(Box::new(source)));
    }

    /// As the stop is now; none before it has begun.
    pub(super) fn so_far(&self) -> Option<Report> {
        let source = self.source.get()?;
        source()
    }
}
