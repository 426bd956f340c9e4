//! The last words: what carries the log, closed when everything else has been said, on every path that leads to the end.

use super::supervisor::{EXIT_MARGIN, LOG_FLUSH_BUDGET, Supervisor};
use crate::context::StepClose;
use crate::futures::ends_by;
use crate::log::to_stderr;
use crate::outcome::Outcome;
use crate::reason::Reason;
use crate::sequence::{Observer, Sequence};
use crate::settings::ReportWhen;
use crate::step_state::{Room, StepState};
use crate::thread;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// What they have at least, also where the deadline has passed: less, and a file is not written.
const AT_LEAST: Duration = Duration::from_millis(150);

/// Nobody hears of them: what would tell is what they close.
struct Unheard;

impl Observer for Unheard {
    fn step_began(&self, _: &Arc<StepState>, _: Duration) {}
    fn step_waits(&self, _: &Arc<StepState>) {}
    fn step_cut(&self, _: &Arc<StepState>, _: Duration) {}
    fn step_ended(&self, _: &Arc<StepState>, _: &Outcome, _: Duration) {}
}

impl Supervisor {
    /// Whether any are to come, or have begun.
    pub(super) fn has_last_words(&self) -> bool {
        self.last_words.get().is_some() || self.lifecycle.stack().has_last_words() || {
            let sequence = self.sequence.get();
            sequence.is_some_and(|sequence| sequence.has_last_words())
        }
    }

    /// Says what happened, and then closes what has carried that. Nothing where there is nothing of the kind.
    pub(super) async fn end_with_last_words(self: &Arc<Self>) {
        if !self.has_last_words() {
            return;
        }
        if let Some(stop) = self.lifecycle.stop() {
            // A `main` that may not come to its end has a part in what is said.
            if !ends_by(stop.deadline, self.lifecycle.body_ended()).await {
                self.abandon(self.blocked_main());
            }
        }
        if let Some(report) = self.conclude() {
            // Nobody else sets it.
            let _ = self.said_code.set(report.exit_code);
        }
        self.flush_beside().await;
        self.say_last_words().await;
    }

    /// Waits until everything has been said, on a thread that may be late.
    async fn flush_beside(self: &Arc<Self>) {
        let (sender, said) = oneshot::channel();
        let supervisor = self.clone();
        let flush = move || {
            supervisor.flush(LOG_FLUSH_BUDGET);
            // Whoever has waited long enough is gone.
            let _ = sender.send(());
        };
        // In paused time the clock would not wait for a thread, and neither for one that is not to be had.
        if self.executor.has_threads()
            && thread::start("graceful-flush", None, Box::new(flush)).is_ok()
        {
            drop(timeout(LOG_FLUSH_BUDGET, said).await);
        } else {
            self.flush(LOG_FLUSH_BUDGET);
        }
    }

    /// Closes them within their time; who comes second waits for the same end.
    pub(super) async fn say_last_words(&self) {
        // Boxed: few stops need it.
        let closes = || Box::pin(self.close_last_words());
        self.last_words.get_or_init(closes).await;
    }

    async fn close_last_words(&self) {
        let now = Instant::now();
        let until = self.last_words_end_by(now);
        // On threads of their own: those of the closes may all be blocked.
        let executor = self.executor.another();
        let reason = self.lifecycle.reason().cloned();
        let sequence = Sequence::new(
            executor.clone(),
            reason.unwrap_or_else(|| Arc::new(Reason::MainReturned)),
            Arc::new(Unheard),
            self.lifecycle.limits().cloned(),
            #[cfg(feature = "test-util")]
            self.settings.faults.clone(),
        );
        // Nobody else sets it.
        drop(self.last_sequence.set(sequence.clone()));
        let closes = async {
            loop {
                let words = self.take_last_words(&sequence);
                if words.is_empty() {
                    break;
                }
                sequence.close(words, until).await;
            }
        };
        // What has not ended by then is left behind.
        ends_by(until + EXIT_MARGIN, Box::pin(closes)).await;
        executor.finish();
        if !self.is_hosted && self.settings.report != ReportWhen::Never {
            tell_failed(&sequence, now);
        }
    }

    /// One after the other, as they stand in the stack, and those that were found out late.
    fn take_last_words(&self, sequence: &Sequence) -> Vec<StepClose> {
        let mut words = self.lifecycle.stack().take_last_words();
        if let Some(sequence) = self.sequence.get() {
            words.extend(sequence.take_handed_over().last_words);
        }
        words.extend(sequence.take_handed_over().last_words);
        for (order, word) in (0..).zip(&mut words) {
            word.order = Some(order);
            word.after.clear();
        }
        words
    }

    /// All of their time, as far as it is there.
    fn last_words_end_by(&self, now: Instant) -> Instant {
        let time = self
            .lifecycle
            .terms()
            .time_of_last_words(self.settings.timeout);
        let end = self.lifecycle.stop().map_or(now + time, |stop| stop.end);
        (now + time).min(end.max(now + AT_LEAST))
    }
}

fn tell_failed(sequence: &Sequence, began: Instant) {
    for step in sequence
        .root()
        .report_steps(began, Instant::now(), &mut Room::new(usize::MAX))
    {
        if !step.outcome.is_clean() {
            to_stderr(&format!("the last word `{}`: {}", step.name, step.outcome));
        }
    }
}
