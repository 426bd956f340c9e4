//! A running supervisor, as the main thread has it.

use super::clock::Clock;
use super::registry::REGISTRY;
use super::thread::{LeftAll, start};
use crate::process_end::flush_stdout;
use crate::reason::Reason;
use crate::stop::{AfterMain, LOG_FLUSH_BUDGET, Supervisor};
use std::cell::RefCell;
use std::io;
use std::sync::Arc;

/// Lets the supervisor know how far the main thread is, and ends the process.
pub(crate) struct MainGuard {
    supervisor: Arc<Supervisor>,
    after: AfterMain,
    left_all_signals: Arc<LeftAll>,
}

impl MainGuard {
    /// Starts the thread. When this returns, the signals' handlers are installed.
    ///
    /// # Errors
    ///
    /// If the thread can't be started, or a handler not be installed: a process that can't be
    /// stopped well should not start.
    pub(crate) fn start(supervisor: Arc<Supervisor>, clock: Clock) -> io::Result<Self> {
        let left_all_signals = start(supervisor.clone(), clock)?;
        REGISTRY.begins(supervisor.lifecycle.clone());
        Ok(Self {
            supervisor,
            after: AfterMain::Return,
            left_all_signals,
        })
    }

    /// The main thread is through, and the process ends with `code` now. The supervisor sees to it that it does. Where it
    /// [ends otherwise](MainGuard::ends_otherwise), it does here.
    pub(crate) fn release(mut self, code: u8) {
        REGISTRY.process_ends_with(code);
        self.supervisor.main_thread.exit_has_begun.open();
        self.after = AfterMain::Exit(code);
        if self.ends_otherwise() {
            flush_stdout(LOG_FLUSH_BUDGET);
            self.supervisor.leave_unflushed(code);
        }
    }

    /// Whether the process ends without what the standard library, and libraries of C, do at its end: of the signal that
    /// stopped it, or since a thread is left in code of the user's.
    pub(crate) fn ends_otherwise(&self) -> bool {
        self.supervisor.ends_otherwise()
    }

    /// The same where nobody knows whether the caller's function is the end of the process: it is once the main
    /// thread lets go of its locals.
    pub(crate) fn release_at_exit(mut self, code: u8) {
        if self.ends_otherwise() {
            return self.release(code);
        }
        REGISTRY.process_ends_with(code);
        if std::thread::current().name() == Some("main") {
            let begins = ExitBegins(self.supervisor.clone());
            EXIT_BEGINS.set(Some(begins));
            self.after = AfterMain::Exit(code);
        }
    }

    /// Whether somebody called `exit`, which ends the process.
    pub(crate) fn exit_was_called(&self) -> bool {
        self.supervisor.lifecycle.codes().exit_was_called()
    }

    /// Ends the process with `code` or one that is worse, once the lifecycles beside this one have ended.
    pub(crate) fn exit(mut self, code: u8) -> ! {
        let (lifecycle, supervisor) = (self.supervisor.lifecycle.clone(), self.supervisor.clone());
        self.after = AfterMain::Exit(code);
        // Before the others are told, who may end the process too.
        REGISTRY.process_ends_with(code);
        drop(self);
        let reason = lifecycle.stop().map(|stop| stop.reason.clone());
        let code = REGISTRY.end_all(reason.as_deref().unwrap_or(&Reason::MainReturned), code);
        // Not before: each of the others has its own deadline.
        supervisor.main_thread.exit_has_begun.open();
        flush_stdout(LOG_FLUSH_BUDGET);
        if supervisor.ends_otherwise() {
            supervisor.leave_unflushed(code);
        }
        std::process::exit(i32::from(code))
    }
}

thread_local! {
    /// Dropped where the main thread ends.
    static EXIT_BEGINS: RefCell<Option<ExitBegins>> = const { RefCell::new(None) };
}

struct ExitBegins(Arc<Supervisor>);

impl Drop for ExitBegins {
    fn drop(&mut self) {
        self.0.main_thread.exit_has_begun.open();
    }
}

/// The main thread is through, whichever way. A caller that goes on waits until the supervisor leaves no signal to others any
/// more: one that comes from there on is heard by the caller's next function itself.
impl Drop for MainGuard {
    fn drop(&mut self) {
        self.supervisor.lifecycle.forget();
        self.supervisor.main_thread.is_through(self.after);
        REGISTRY.has_ended(&self.supervisor.lifecycle);
        // A child that was forked has no supervisor, and would wait for ever.
        if self.after == AfterMain::Return && self.supervisor.lifecycle.is_of_this_process() {
            self.left_all_signals.wait();
        }
    }
}
