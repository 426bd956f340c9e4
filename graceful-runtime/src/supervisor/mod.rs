//! The thread that nothing of the user's can make late: it owns the signals, the phases, every
//! deadline and the forced exit.

mod account;
mod beside;
mod course;
mod force;
mod narrator;
mod notice;
mod signals;
mod stdout;

pub(crate) use course::{Course, LAST_WORDS};
pub(crate) use notice::to_stderr;
use stdout::flush_stdout;

use crate::erased::{Driver, small_runtime, spawn, start_thread};
use crate::race::either;
use crate::reason::Reason;
use signals::Signals;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use tokio::runtime::Handle;

/// A running supervisor.
pub(crate) struct Supervisor {
    course: Arc<Course>,
    process_ends: bool,
}

impl Supervisor {
    /// Starts the thread. When this returns, the signals' handlers are installed.
    ///
    /// # Errors
    ///
    /// If the thread can't be started, or a handler not be installed: a process that can't be
    /// stopped well should not start.
    pub(crate) fn start(course: Arc<Course>) -> io::Result<Self> {
        // The signals come through a descriptor.
        let runtime = small_runtime(true)?;
        let signals = {
            let _entered = runtime.handle().enter();
            Signals::install(course.signals())?
        };
        start_thread("graceful", {
            let course = course.clone();
            move || supervise(&course, &*runtime, signals)
        })?;
        beside::begins(course.lifecycle().clone());
        Ok(Self {
            course,
            process_ends: false,
        })
    }

    /// The main thread is through, and the process is about to end: the supervisor finds out at its
    /// leisure, should the process go on after all.
    pub(crate) fn release(mut self, code: u8) {
        beside::process_ends_with(code);
        self.process_ends = true;
    }

    /// As [`Self::release`], but it watches until the process is gone: what still prints may block.
    pub(crate) fn stay(self, code: u8) {
        beside::process_ends_with(code);
        std::mem::forget(self);
    }

    /// Whether somebody called `exit`, which ends the process.
    pub(crate) fn exit_was_called(&self) -> bool {
        self.course.lifecycle().exit_was_called()
    }

    /// Ends the process with `code` or one that is worse, once the lives beside this one have ended.
    pub(crate) fn exit(self, code: u8) -> ! {
        let lifecycle = self.course.lifecycle().clone();
        drop(self);
        let reason = lifecycle.stop().map(|stop| stop.reason.clone());
        let code = beside::end_all(reason.as_deref().unwrap_or(&Reason::MainReturned), code);
        flush_stdout(LAST_WORDS);
        std::process::exit(i32::from(code))
    }
}

/// The main thread is through, whichever way. The supervisor ends soon after: nobody waits for it.
impl Drop for Supervisor {
    fn drop(&mut self) {
        self.course.main_is_over(self.process_ends);
        beside::has_ended(self.course.lifecycle());
    }
}

async fn to_the_end(course: Arc<Course>) {
    let _released = course.release_main_at_the_end();
    course.stop().await;
    course.conclude();
}

/// Carries out the stop of a life in a test's own time: as a task, since another thread would have
/// another clock. Returns at once.
#[cfg(feature = "test-util")]
pub(crate) fn keep_in_time(course: Arc<Course>) {
    spawn(&Handle::current(), to_the_end(course));
}

/// Carries out the stop of a life that has no main thread of its own. Returns at once.
pub(crate) fn keep_on_time(course: Arc<Course>) {
    // Where the thread or its runtime is not to be had: better late, where the host's is slow, than
    // never.
    let host = Handle::current();
    let on_time = {
        let (course, host) = (course.clone(), host.clone());
        move || match small_runtime(false) {
            Ok(runtime) => runtime.block_on(pin!(to_the_end(course))),
            Err(_) => drop(spawn(&host, to_the_end(course))),
        }
    };
    if start_thread("graceful", on_time).is_err() {
        spawn(&host, to_the_end(course));
    }
}

fn supervise(course: &Arc<Course>, runtime: &dyn Driver, signals: Signals) {
    let _released = course.release_main_at_the_end();
    // Signals first: what one of them begins goes on in the same turn.
    let (signals, course) = (pin!(force::escalate(signals, course)), pin!(course.run()));
    runtime.block_on(pin!(either(signals, course)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{Handle, Lifecycle};
    use crate::outcome::Outcome;
    use crate::phase::Phase;
    use crate::settings::Settings;

    #[test]
    fn a_panic_of_the_supervisor_is_no_finished_stop() {
        let lifecycle = Lifecycle::new(false);
        let course = Arc::new(Course::new(lifecycle.clone(), Settings::default()));
        Handle::new(lifecycle.clone()).defer("db", |_| async {});
        let released = course.release_main_at_the_end();
        let supervisor = std::thread::spawn(move || {
            let _released = released;
            panic!("a bug");
        });
        assert!(supervisor.join().is_err());
        assert_eq!(lifecycle.phase(), Phase::Stopped);
        let report = course.conclude().unwrap();
        assert_eq!(report.exit_code, 1);
        let db = report.step("db").unwrap();
        assert!(matches!(db.outcome, Outcome::NotStarted), "{report}");
    }
}
