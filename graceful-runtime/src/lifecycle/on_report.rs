//! Asks for the report: the finished one, or as the stop is now.

use super::handle::Handle;
use crate::report::Report;

impl Handle {
    /// Has `hook` called with the finished report: once, on every path to the end, a start that fails, a panic, the
    /// deadline and a second signal included.
    ///
    /// It runs on a thread of its own, after the last close and beside the log. The end waits for it, once it has waited
    /// for the log, but no longer than 200 ms; 75 ms where the deadline forces the exit, and where a second signal does up to
    /// 500 ms, less near the deadline. What takes longer ends with the process. A panic of it is caught.
    /// Where no thread is to be had it runs on that of the log, or on the main one at its end; at a forced end without either it
    /// is not called.
    /// In an [`Embedded`](crate::Embedded), whose process goes on, nobody waits, and it has any time.
    ///
    /// Hooks run one after the other, in the order in which they were registered. What is registered after the report has
    /// been given is dropped.
    ///
    /// ```
    /// graceful::Builder::current_thread().run(async {
    ///     graceful::Handle::current().on_report(|report| {
    ///         for cause in report.causes() {
    ///             eprintln!("{} {}: {}", cause.component, cause.kind, cause.message);
    ///         }
    ///     });
    /// });
    /// ```
    pub fn on_report(&self, hook: impl FnOnce(&Report) + Send + 'static) {
        self.lifecycle().reporting().add_hook(Box::new(hook));
    }

    /// What is known of the stop by now, of a thousand steps at most; `None` before it has begun.
    ///
    /// For what runs beside the stop: a status, a last look at what went wrong before the metrics are gone. Its
    /// [`exit_code`](Report::exit_code) is that of an end at this moment. The whole is for [`on_report`](Handle::on_report).
    #[must_use]
    pub fn report_so_far(&self) -> Option<Report> {
        self.lifecycle().reporting().so_far()
    }
}

/// Has `hook` called with the finished report of the current lifecycle: [`Handle::on_report`].
///
/// ```no_run
/// #[graceful::main]
/// async fn main() {
///     graceful::on_report(|report| {
///         if !report.is_clean() {
///             eprintln!("{report}");
///         }
///     });
/// }
/// ```
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn on_report(hook: impl FnOnce(&Report) + Send + 'static) {
    Handle::current().on_report(hook);
}
