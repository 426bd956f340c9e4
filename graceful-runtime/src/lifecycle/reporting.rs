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
    hooks: Lock<Vec<ReportHook>>,
    source: OnceLock<Source>,
}

impl Reporting {
    pub(super) fn add_hook(&self, hook: ReportHook) {
        self.hooks.lock().push(hook);
    }

    pub(crate) fn take_hooks(&self) -> Vec<ReportHook> {
        std::mem::take(&mut self.hooks.lock())
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
