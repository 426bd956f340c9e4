//! Closes the last words: on threads of their own, within a time of their own.

use crate::context::StepClose;
use crate::format::OneLine;
use crate::futures::{Boxed, ends_by};
use crate::latch::Latch;
use crate::log::to_stderr_beside;
use crate::reason::Reason;
use crate::report::StepReport;
use crate::sequence::Sequence;
use crate::step_state::Room;
use crate::stop::{EXIT_MARGIN, LOG_FLUSH_BUDGET, LastWords, Supervisor, WHILE_IT_WORKS_AT_MOST};
use crate::thread;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What they have at least, also where the deadline has passed: less, and a file is not written.
const AT_LEAST: Duration = Duration::from_millis(150);

pub(super) struct Closing;

impl LastWords for Closing {
    fn end<'a>(&self, supervisor: &'a Arc<Supervisor>) -> Boxed<'a> {
        Box::pin(async {
            say_what_happened(supervisor).await;
            close_once(supervisor).await;
        })
    }

    fn close<'a>(&self, supervisor: &'a Supervisor) -> Boxed<'a> {
        Box::pin(close_once(supervisor))
    }
}

async fn say_what_happened(supervisor: &Arc<Supervisor>) {
    if let Some(stop) = supervisor.lifecycle.stop() {
        // A `main` that may not come to its end has a part in what is said.
        if !ends_by(stop.deadline, supervisor.lifecycle.body().ended()).await {
            supervisor.abandon(supervisor.blocked_main());
        }
    }
    supervisor.conclude();
    flush_beside(supervisor).await;
}

/// Waits until everything has been said, on a thread that may be late.
async fn flush_beside(supervisor: &Arc<Supervisor>) {
    let said = Arc::new(Latch::new());
    let (says, has_said) = (supervisor.clone(), said.clone());
    let flush = move || {
        says.flush(LOG_FLUSH_BUDGET);
        has_said.open();
    };
    // In paused time the clock would not wait for a thread, and neither for one that is not to be had.
    if supervisor.executor.has_threads()
        && thread::start("graceful-flush", None, Box::new(flush)).is_ok()
    {
        ends_by(said_by(supervisor, Instant::now()), said.opened()).await;
    } else if supervisor.executor.has_threads() {
        supervisor.wait_for_what_is_said(LOG_FLUSH_BUDGET);
    } else {
        supervisor.flush(LOG_FLUSH_BUDGET);
    }
}

/// Until when the log and the record are waited for: while they work to the deadline, and some time behind it.
fn said_by(supervisor: &Supervisor, now: Instant) -> Instant {
    let longest = now + 2 * WHILE_IT_WORKS_AT_MOST;
    let Some(stop) = supervisor.lifecycle.stop() else {
        return longest;
    };
    let said = stop.deadline.clamp(now, longest) + 2 * LOG_FLUSH_BUDGET;
    // For last words that a close has registered no time was set aside.
    said.min(stop.end.max(now + AT_LEAST))
}

async fn close_once(supervisor: &Supervisor) {
    // Boxed: few stops need it.
    let closes = || Box::pin(close_all(supervisor));
    supervisor.closing_last.has_closed.get_or_init(closes).await;
}

async fn close_all(supervisor: &Supervisor) {
    let now = Instant::now();
    let until = end_by(supervisor, now);
    // On threads of their own: those of the closes may all be blocked.
    let executor = supervisor.executor.another();
    let reason = supervisor.lifecycle.reason().cloned();
    let sequence = supervisor.sequence_for(
        executor.clone(),
        reason.unwrap_or_else(|| Arc::new(Reason::MainReturned)),
        // What would tell of them is what they close.
        None,
    );
    // Nobody else sets it.
    drop(supervisor.closing_last.sequence.set(sequence.clone()));
    let closes = async {
        loop {
            let words = take(supervisor, &sequence);
            if words.is_empty() {
                break;
            }
            sequence.close(words, until).await;
        }
    };
    // What has not ended by then is left behind, and where the process goes on it would run on in it.
    if !ends_by(until + EXIT_MARGIN, Box::pin(closes)).await && supervisor.is_part() {
        sequence.given_up().await;
    }
    executor.finish();
    let failed = failed(&sequence, now);
    if !failed.is_empty() && supervisor.tells_on_stderr() {
        to_stderr_beside(failed);
    }
}

/// One after the other, as they stand in the stack, and those that were found out late.
fn take(supervisor: &Supervisor, sequence: &Sequence) -> Vec<StepClose> {
    let mut words = supervisor.lifecycle.stack().take_last_words();
    if let Some(sequence) = supervisor.sequence.get() {
        words.append(&mut sequence.take_last_words());
    }
    words.append(&mut sequence.take_last_words());
    for (order, word) in (0..).zip(&mut words) {
        word.order = Some(order);
        word.after.clear();
    }
    words
}

/// All of their time, as far as it is there.
fn end_by(supervisor: &Supervisor, now: Instant) -> Instant {
    let lifecycle = &supervisor.lifecycle;
    let time = lifecycle
        .terms()
        .time_of_last_words(supervisor.settings.timeout);
    let end = lifecycle.stop().map_or(now + time, |stop| stop.end);
    (now + time).min(end.max(now + AT_LEAST))
}

/// A line for each that did not close.
fn failed(sequence: &Sequence, began: Instant) -> Vec<String> {
    let (now, mut room) = (Instant::now(), Room::new(usize::MAX));
    let steps = sequence.root().report_steps(began, now, &mut room);
    let failed = steps.iter().filter(|step| !step.outcome.is_clean());
    let line = |step: &StepReport| {
        let words = format!("the last word `{}`: {}", step.name, step.outcome);
        OneLine(words).to_string()
    };
    failed.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::{Executor, ThreadSettings};
    use crate::futures::both;
    use crate::lifecycle::{Handle, Lifecycle, Terms};
    use crate::settings::Settings;
    use std::future::pending;
    use tokio::runtime::Builder;
    use tokio::sync::Barrier;

    /// Of a stop of 10 s with last words, or with such as come only behind its beginning: how long behind the deadline the log is
    /// waited for.
    fn waits_behind_the_deadline(registered_before: bool) -> Duration {
        let runtime = Builder::new_current_thread().build().unwrap();
        let executor = Executor::in_runtime(runtime.handle().clone());
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        let supervisor = Supervisor::new(lifecycle.clone(), Settings::default(), executor);
        if registered_before {
            Handle::new(lifecycle.clone()).last_word("logs", async |_| ());
        }
        lifecycle.begin_stop_within(Arc::new(Reason::MainReturned), Duration::from_secs(10));
        let deadline = lifecycle.stop().unwrap().deadline;
        said_by(&supervisor, deadline) - deadline
    }

    #[test]
    fn a_log_that_blocks_takes_no_time_that_was_not_set_aside() {
        assert_eq!(waits_behind_the_deadline(true), 2 * LOG_FLUSH_BUDGET);
        assert_eq!(waits_behind_the_deadline(false), AT_LEAST);
    }

    /// A host lives on, and with it what is not cut: its limit passed while the supervisor's thread was not awake.
    #[test]
    fn one_that_is_late_in_a_host_is_cut_though_the_supervisor_was_late_too() {
        let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
        let (host, clock) = (runtime(), runtime());
        let threads = ThreadSettings {
            on_start: Arc::new(|| {}),
            max: 4,
            is_local: false,
            stack_size: None,
        };
        let executor = Executor::on_threads(host.handle().clone(), clock.handle().clone(), threads);
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        let mut supervisor = Supervisor::new(lifecycle.clone(), Settings::default(), executor);
        supervisor.is_hosted = true;

        let (begun, held) = (Arc::new(Barrier::new(2)), Arc::new(()));
        let (begins, holds) = (begun.clone(), held.clone());
        Handle::new(lifecycle.clone()).last_word("logs", async move |_| {
            begins.wait().await;
            pending::<()>().await;
            drop(holds);
        });
        let within = 2 * AT_LEAST;
        clock.block_on(async {
            lifecycle.begin_stop_within(Arc::new(Reason::MainReturned), within);
            let late = Box::pin(async {
                begun.wait().await;
                std::thread::sleep(within + EXIT_MARGIN);
            });
            both(Closing.close(&supervisor), late).await;
        });
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
