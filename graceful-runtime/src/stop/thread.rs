//! The supervisor's thread, and what the main thread has of it.

use super::escalation::escalate;
use super::inherited::listened_to;
use super::registry;
use super::signals::Signals;
use super::stdout::flush_stdout;
use super::supervisor::{AfterMain, LOG_FLUSH_BUDGET, Supervisor};
use crate::futures::{Boxed, either};
use crate::reason::Reason;
use crate::thread;
use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use tokio::runtime::{Builder, Handle, Runtime};

/// The supervisor's own small runtime: the clock of every limit.
pub(crate) struct Clock(Runtime);

impl Clock {
    /// # Errors
    ///
    /// If no descriptors are left for the signals.
    pub(crate) fn with_signals() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(Self)
    }

    /// Timers need no descriptor, which may be all taken.
    ///
    /// # Errors
    ///
    /// If tokio can't build it.
    pub(crate) fn without_signals() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build();
        runtime.map(Self)
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.handle().clone()
    }

    fn block_on(&self, mut future: Boxed<'_>) {
        let future: Pin<&mut dyn Future<Output = ()>> = future.as_mut();
        self.0.block_on(future);
    }
}

/// A running supervisor, as the main thread has it.
pub(crate) struct MainGuard {
    supervisor: Arc<Supervisor>,
    after: AfterMain,
}

impl MainGuard {
    /// Starts the thread. When this returns, the signals' handlers are installed.
    ///
    /// # Errors
    ///
    /// If the thread can't be started, or a handler not be installed: a process that can't be
    /// stopped well should not start.
    pub(crate) fn start(supervisor: Arc<Supervisor>, clock: Clock) -> io::Result<Self> {
        let signals = {
            let _entered = clock.0.enter();
            Signals::install(&listened_to(supervisor.signals()))?
        };
        let supervise = {
            let supervisor = supervisor.clone();
            move || {
                let _released = supervisor.release_main_at_the_end();
                // Signals first: what one of them begins goes on in the same turn.
                let signals = escalate(signals, &supervisor);
                clock.block_on(either(Box::pin(signals), Box::pin(supervisor.run())));
            }
        };
        thread::start("graceful", None, Box::new(supervise))?;
        registry::begins(supervisor.lifecycle.clone());
        Ok(Self {
            supervisor,
            after: AfterMain::Return,
        })
    }

    /// The main thread is through, and the process ends with `code` now. The supervisor sees to it that it does. Where it
    /// [ends otherwise](MainGuard::ends_otherwise), it does here.
    pub(crate) fn release(mut self, code: u8) {
        registry::process_ends_with(code);
        self.supervisor.exit_begins();
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
        registry::process_ends_with(code);
        if std::thread::current().name() == Some("main") {
            let begins = ExitBegins(self.supervisor.clone());
            EXIT_BEGINS.set(Some(begins));
            self.after = AfterMain::Exit(code);
        }
    }

    /// Whether somebody called `exit`, which ends the process.
    pub(crate) fn exit_was_called(&self) -> bool {
        self.supervisor.lifecycle.exit_was_called()
    }

    /// Ends the process with `code` or one that is worse, once the lifecycles beside this one have ended.
    pub(crate) fn exit(mut self, code: u8) -> ! {
        let (lifecycle, supervisor) = (self.supervisor.lifecycle.clone(), self.supervisor.clone());
        self.after = AfterMain::Exit(code);
        self.supervisor.exit_begins();
        // Before the others are told, who may end the process too.
        registry::process_ends_with(code);
        drop(self);
        let reason = lifecycle.stop().map(|stop| stop.reason.clone());
        let code = registry::end_all(reason.as_deref().unwrap_or(&Reason::MainReturned), code);
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
        self.0.exit_begins();
    }
}

/// The main thread is through, whichever way. Nobody waits for the supervisor.
impl Drop for MainGuard {
    fn drop(&mut self) {
        self.supervisor.main_is_over(self.after);
        registry::has_ended(&self.supervisor.lifecycle);
    }
}

/// Carries out the stop of a service inside a host. Returns at once.
pub(crate) fn supervise(supervisor: Arc<Supervisor>, clock: Option<Clock>) {
    let is_on_thread = clock.is_some_and(|clock| {
        let supervisor = supervisor.clone();
        let on_thread = move || clock.block_on(Box::pin(to_the_end(supervisor)));
        thread::start("graceful", None, Box::new(on_thread)).is_ok()
    });
    if !is_on_thread {
        // The caller's clock is paused, and another thread would have another one. Or a thread or its runtime is not
        // to be had: better late, where the host's is slow, than never.
        let to_the_end: Boxed<'_> = Box::pin(to_the_end(supervisor));
        tokio::spawn(to_the_end);
    }
}

async fn to_the_end(supervisor: Arc<Supervisor>) {
    let _released = supervisor.release_main_at_the_end();
    supervisor.stop().await;
    supervisor.conclude();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Executor;
    use crate::lifecycle::{Handle, Lifecycle, Terms};
    use crate::outcome::Outcome;
    use crate::phase::Phase;
    use crate::settings::Settings;

    #[test]
    fn a_panic_of_the_supervisor_is_no_finished_stop() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        let supervisor = Arc::new(Supervisor::new(
            lifecycle.clone(),
            Settings::default(),
            Executor::in_runtime(runtime.handle().clone()),
        ));
        Handle::new(lifecycle.clone()).defer("db", |_| async {});
        let released = supervisor.release_main_at_the_end();
        let thread = std::thread::spawn(move || {
            let _released = released;
            panic!("a bug");
        });
        assert!(thread.join().is_err());
        assert_eq!(lifecycle.phase(), Phase::Stopped);
        let report = supervisor.conclude().unwrap();
        assert_eq!(report.exit_code, 1);
        let lost = &report.causes()[0];
        assert_eq!(lost.component, "supervisor", "{lost:?}");
        let db = report.step("db").unwrap();
        assert!(matches!(db.outcome, Outcome::NotStarted), "{report}");
    }
}
