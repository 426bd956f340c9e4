//! Watches the main thread to its end, and the process behind it: what does not come in time is forced.

use super::forced_exit::{end_hanging_exit, end_process};
use crate::futures::ends_by;
use crate::lifecycle::BodyStage;
use crate::report::{CauseKind, FORCED_BY_DEADLINE, LeftBehind};
use crate::stop::{EXIT_MARGIN, LOG_FLUSH_BUDGET, Supervisor};
use crate::thread_state::{LOOK, ThreadState};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// What the main thread may lose on a busy machine, where the deadline leaves it.
const BUSY_MARGIN: Duration = Duration::from_millis(300);

/// A thread that wakes so late was not run, and neither was any other.
const STILL: Duration = Duration::from_millis(100);

/// What exit handlers have where the deadline leaves them less.
const EXIT_HANDLERS: Duration = Duration::from_millis(300);

impl Supervisor {
    /// Forces the exit where the main thread is not through in time.
    pub(crate) async fn watch_main(self: &Arc<Self>, closed: Instant) {
        let mut worked = None;
        loop {
            if self.works() {
                worked = Some(Instant::now());
            }
            let by = self.main_ends_by(closed, worked);
            // It tells nobody when it goes on to what is said last: it has less time then. Who says that may sleep at one look,
            // and work at the next.
            let look = by.min(Instant::now() + LOOK);
            if ends_by(look, self.main_thread.ends()).await {
                return;
            }
            let now = Instant::now();
            // A machine that stood still took the time of who says what is last too.
            if now > look + STILL && self.main_ends_by(closed, Some(now)) > now {
                worked = Some(now);
            } else if look == by {
                break;
            }
        }
        let runtime_ended = self.found().runtime_ended;
        self.abandon(match (runtime_ended, self.lifecycle.body().stage()) {
            (Some(_), _) => self.late_end(),
            (None, BodyStage::Ended) => self.late_runtime(),
            (None, BodyStage::Runs | BodyStage::ToBeDropped) => self.blocked_main(),
        });
        end_process(self, None).await;
    }

    /// Behind the runtime's end only what is said last can block. Whoever says it may also be late, on a busy machine.
    fn late_end(&self) -> LeftBehind {
        let thread = self.main_thread.state();
        if self.works() || thread.is_some_and(|thread| thread.is_running()) {
            let what = "what is said last: a thread that says it runs, or waits for a processor";
            return LeftBehind::new("runtime", CauseKind::StillRunning, what);
        }
        let what = "what was printed last, and nobody reads";
        LeftBehind::new("stdout", CauseKind::LeftBehind, what)
    }

    /// A task that blocks the main thread keeps it from ending the runtime. One that runs may only be late, on a busy machine.
    fn late_runtime(&self) -> LeftBehind {
        let thread = self.main_thread.state();
        if thread.is_some_and(|thread| thread.is_running()) {
            let what = "the runtime's end: its thread runs, or waits for a processor";
            return LeftBehind::new("runtime", CauseKind::StillRunning, what);
        }
        LeftBehind::blocked("runtime", "the runtime: a task blocks its thread", None)
    }

    /// A body that was to be dropped, and was not by the deadline. One whose thread runs has overrun its time, as has been said
    /// already: on a busy machine it may only be late to be dropped.
    pub(crate) fn blocked_main(&self) -> LeftBehind {
        let thread = self.main_thread.state();
        if thread.as_ref().is_some_and(ThreadState::is_running) {
            let what = "`main`: its thread runs, or waits for a processor";
            return LeftBehind::new("main", CauseKind::TimedOut, what);
        }
        LeftBehind::blocked("main", "`main`: it blocks its thread", thread.as_ref())
    }

    /// When the main thread is to be through: the runtime, the log, the record, standard output.
    fn main_ends_by(&self, closed: Instant, worked: Option<Instant>) -> Instant {
        let runtime_ended = self.found().runtime_ended;
        let end = match runtime_ended {
            Some(ended) => {
                let held_up = worked.map_or(ended, |worked| worked.max(ended));
                held_up + 3 * LOG_FLUSH_BUDGET
            }
            None => self.runtime_ends_by(closed) + 3 * LOG_FLUSH_BUDGET + BUSY_MARGIN,
        };
        let deadline = self.lifecycle.stop().map_or(end, |stop| stop.end);
        end.min(deadline) + EXIT_MARGIN
    }

    /// When the runtime is to have ended, the blocking work that nobody tracks included.
    pub(crate) fn runtime_ends_by(&self, now: Instant) -> Instant {
        let grace = now + self.settings.blocking_grace;
        match self.lifecycle.stop() {
            Some(stop) => grace.min(stop.end),
            None => grace,
        }
    }

    /// The process is about to end. Handlers of libc's, and destructors of the main thread's locals, may
    /// never return; nor may what prints `main`'s error, where nobody reads.
    pub(crate) async fn watch_exit(self: &Arc<Self>, code: u8) {
        self.main_thread.exit_has_begun.opened().await;
        let soon = Instant::now() + EXIT_HANDLERS;
        let deadline = self.lifecycle.stop().map_or(soon, |stop| stop.end);
        sleep_until(deadline.max(soon)).await;
        let code = if code == 0 { FORCED_BY_DEADLINE } else { code };
        end_hanging_exit(self, code);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::executor::Executor;
    use crate::lifecycle::{Lifecycle, Terms};
    use crate::settings::Settings;
    use crate::stop::AfterMain;
    use std::sync::mpsc::channel;
    use std::thread;
    use tokio::join;
    use tokio::runtime::Builder;
    use tokio::time::sleep;

    #[test]
    fn nobody_reads_what_is_said_last_only_where_the_main_thread_waits() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let executor = Executor::in_runtime(runtime.handle().clone());
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        // This thread is the main one.
        let supervisor = Arc::new(Supervisor::new(lifecycle, Settings::default(), executor));
        let runs = supervisor.late_end();
        assert_eq!(
            (runs.component, runs.kind),
            ("runtime", CauseKind::StillRunning)
        );

        let (is_seen, seen) = channel();
        let looks = thread::spawn(move || {
            while supervisor.late_end().kind != CauseKind::LeftBehind {
                thread::yield_now();
            }
            let _ = is_seen.send(supervisor.late_end().component);
        });
        assert_eq!(seen.recv(), Ok("stdout"));
        looks.join().expect("it does not panic");
    }

    /// Where it is not waited for, this process ends.
    #[test]
    fn what_is_said_last_is_waited_for_behind_a_machine_that_stands_still() {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let executor = Executor::in_runtime(runtime.handle().clone());
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        let supervisor = Arc::new(Supervisor::new(lifecycle, Settings::default(), executor));
        runtime.block_on(async {
            let closed = Instant::now();
            supervisor.found().runtime_ended = Some(closed);
            let says_it = async {
                sleep(Duration::from_millis(10)).await;
                // The machine stands still for longer than it has.
                thread::sleep(4 * LOG_FLUSH_BUDGET);
                sleep(Duration::from_millis(10)).await;
                supervisor.main_thread.is_through(AfterMain::Return);
            };
            join!(supervisor.watch_main(closed), says_it);
        });
    }
}
