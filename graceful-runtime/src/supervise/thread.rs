//! The supervisor's thread, from its start to the end of the process, of the function, or of a host's stop.

use super::clock::Clock;
use super::escalate::{escalate, force_behind_the_end};
use super::registry::REGISTRY;
use crate::futures::{Boxed, either, ends_by};
use crate::lock::{Lock, wait};
use crate::log::to_stderr_beside;
use crate::phase::Phase;
use crate::signals::{Escalation, Signals, listened_to};
use crate::stop::{AfterMain, Supervisor};
use crate::thread;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// Whoever has run for this long is a service, and may run for years: time to get ready for the stop.
const START_UP: Duration = Duration::from_millis(50);

/// Whether the thread leaves no signal to a later lifecycle any more. Not a channel: std's brings all its three forms.
#[derive(Default)]
pub(super) struct LeftAll {
    // A mutex: taken once by each side.
    is_so: Lock<bool>,
    changed: Condvar,
}

impl LeftAll {
    /// Blocks until it is so.
    pub(super) fn wait(&self) {
        let mut is_so = self.is_so.lock();
        while !*is_so {
            is_so = wait(is_so, &self.changed);
        }
    }
}

/// It is so once this is dropped, also by a panic.
struct MayLeave(Arc<LeftAll>);

impl Drop for MayLeave {
    fn drop(&mut self) {
        *self.0.is_so.lock() = true;
        self.0.changed.notify_all();
    }
}

/// Starts the thread. When this returns, the signals' handlers are installed.
///
/// # Errors
///
/// If the thread can't be started, or a handler not be installed.
pub(super) fn start(supervisor: Arc<Supervisor>, clock: Clock) -> io::Result<Arc<LeftAll>> {
    // Before the handlers: from here on this one hears what comes, and none that was before it.
    let number = REGISTRY.announce();
    let signals = clock.enter(|| Signals::install(&listened_to(&supervisor.settings.signals)))?;
    let left_all = Arc::new(LeftAll::default());
    let may_leave = MayLeave(left_all.clone());
    let supervise = move || {
        let released = release_main_at_the_end(supervisor.clone());
        let mut signals = Escalation::new(signals);
        // Signals first: what one of them begins goes on in the same turn.
        let escalated = Box::pin(escalate(&mut signals, &supervisor));
        clock.block_on(either(escalated, Box::pin(run(&supervisor))));
        drop(may_leave);
        clock.block_on(Box::pin(cut_what_runs_on(&supervisor)));
        drop(released);
        let forced = force_behind_the_end(&mut signals, &supervisor, number);
        clock.block_on(Box::pin(forced));
    };
    thread::start("graceful", None, Box::new(supervise))?;
    Ok(left_all)
}

/// From the reason to be there to the end of the process, or of the function.
async fn run(supervisor: &Arc<Supervisor>) {
    let main_thread = &supervisor.main_thread;
    // Without a reason to stop, the main thread's end is one.
    let over = async {
        if !ends_by(Instant::now() + START_UP, main_thread.ends()).await {
            supervisor.make_ready();
            main_thread.ends().await;
        }
    };
    either(Box::pin(supervisor.stop()), Box::pin(over)).await;
    if supervisor.has_closed() {
        supervisor.watch_main(Instant::now()).await;
    }
    if let AfterMain::Exit(code) = main_thread.over().await {
        supervisor.watch_exit(code).await;
    }
}

/// A thread for the stop of a service inside a host, which waits for who is to carry that out.
pub(crate) struct ThreadInHost {
    clock: Clock,
    stop: Sender<(Clock, Arc<Supervisor>)>,
}

impl ThreadInHost {
    /// None where it, or its runtime, is not to be had.
    pub(crate) fn start() -> Option<Self> {
        let (stop, given) = channel::<(Clock, Arc<Supervisor>)>();
        let run = move || {
            // Nothing, where there was no clock.
            if let Ok((clock, supervisor)) = given.recv() {
                clock.block_on(Box::pin(to_the_end(supervisor)));
            }
        };
        thread::start("graceful", None, Box::new(run)).ok()?;
        // Behind it: where there was no thread, a runtime would be dropped inside of the host's, which panics.
        let clock = Clock::without_signals().ok()?;
        Some(Self { clock, stop })
    }

    /// Whose time is that of every limit.
    pub(crate) fn clock(&self) -> Handle {
        self.clock.handle()
    }
}

/// Carries out the stop of a service inside a host. Returns at once.
pub(crate) fn supervise(supervisor: Arc<Supervisor>, thread: Option<ThreadInHost>) {
    if let Some(ThreadInHost { clock, stop }) = thread {
        // It waits for this.
        let _ = stop.send((clock, supervisor));
    } else {
        // The caller's clock is paused, and another thread would have another one. Or no thread is to be had: better late,
        // where the host's runtime is slow, than never.
        let to_the_end: Boxed<'_> = Box::pin(to_the_end(supervisor));
        tokio::spawn(to_the_end);
    }
}

async fn to_the_end(supervisor: Arc<Supervisor>) {
    let _released = release_main_at_the_end(supervisor.clone());
    supervisor.stop().await;
    supervisor.conclude();
    cut_what_runs_on(&supervisor).await;
    // A host has no end at which its main thread would do it.
    supervisor.publishing.publish_what_is_left();
}

/// Where the process goes on, what was not through at the deadline would go on in it.
async fn cut_what_runs_on(supervisor: &Supervisor) {
    if let Some(sequence) = supervisor.sequence.get() {
        sequence.given_up().await;
    }
}

/// Lets the main thread go when this is dropped, also by a panic: without a supervisor nobody else would.
fn release_main_at_the_end(supervisor: Arc<Supervisor>) -> impl Drop {
    struct Release(Arc<Supervisor>);
    impl Drop for Release {
        fn drop(&mut self) {
            let supervisor = &self.0;
            let is_lost = std::thread::panicking();
            if is_lost {
                supervisor.found().is_lost = true;
                if !supervisor.has_closed() {
                    let words =
                        "its supervisor has panicked: nothing more is closed. Please report it";
                    to_stderr_beside(vec![words.to_owned()]);
                }
            }
            supervisor.lifecycle.enter_phase(Phase::Stopped);
            supervisor.executor.finish();
            // Else the main thread says it.
            if !is_lost {
                supervisor.log.finish();
            }
        }
    }
    Release(supervisor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Executor;
    use crate::lifecycle::{Handle, Lifecycle, Terms};
    use crate::outcome::Outcome;
    use crate::settings::Settings;
    use tokio::runtime::Builder;

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
        let released = release_main_at_the_end(supervisor.clone());
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
