//! The course of a stop: reason, delay, the body's end, the closes.

use super::moments::at_request;
use super::supervisor::{EXIT_MARGIN, Supervisor};
use crate::futures::{Boxed, either, ends_by, ends_within};
use crate::latch::Latch;
use crate::lifecycle::Stop;
use crate::logging::LogEvent;
use crate::phase::Phase;
use crate::reason::Reason;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

/// Whoever else listens to a signal may hear of it, and act on it, a moment before it is heard of here.
pub(super) const SIGNAL_GRACE: Duration = Duration::from_millis(30);

/// Of more closes than this the first line says only how many there are.
const LISTED: usize = 50;

/// Interval of the "still waiting" line.
const WAITING_LINE: Duration = Duration::from_secs(5);

impl Supervisor {
    /// Waits for the reason, and goes through the phases to the last step's end.
    pub(crate) async fn stop(self: &Arc<Self>) {
        self.lifecycle
            .begin_stop_within(self.reason().await, self.settings.timeout);
        let Some(stop) = self.lifecycle.stop() else {
            unreachable!("it has just begun")
        };
        let weak = Arc::downgrade(self);
        let so_far = move || weak.upgrade().map(|supervisor| supervisor.short_report());
        self.lifecycle.reporting().set_source(so_far);
        self.log_beginning(stop);
        let has_acted = Latch::new();
        let closes: Boxed<'_> = Box::pin(self.close(stop, &has_acted));
        if let Some(acts) = at_request() {
            acts.beside(self, stop, closes, &has_acted).await;
        } else {
            has_acted.open();
            closes.await;
        }
        self.found().closed_at = Some(Instant::now());
        self.count_leaked_tasks().await;
        if self.found().is_forced {
            pending::<()>().await;
        }
        if let Some(last_words) = self.last_words() {
            last_words.end(self).await;
        }
        self.lifecycle.enter_phase(Phase::Stopped);
    }

    /// From the delay to the end of the last close, of which none begins before `has_acted`.
    async fn close(self: &Arc<Self>, stop: &Stop, has_acted: &Latch) {
        if !stop.delay.is_zero() {
            self.delay(stop).await;
        }
        self.lifecycle.enter_phase(Phase::Closing);
        let by = stop.deadline + EXIT_MARGIN;
        let ends = async {
            self.end_body(stop).await;
            has_acted.opened().await;
            self.close_all(stop).await;
        };
        // What has not ended by then is in the report.
        if !ends_by(by, either(Box::pin(ends), Box::pin(self.log_waiting(stop)))).await {
            self.found().is_cut = true;
        }
        self.lifecycle.refuse_closes();
    }

    /// What the stop is asked for, or the signal that is behind that.
    async fn reason(&self) -> Arc<Reason> {
        let asked = self.lifecycle.first_reason().await;
        if self.settings.signals.is_empty() || !self.lifecycle.may_follow_a_signal() {
            return asked;
        }
        // tokio tells all who listen in the same moment: what one of them has acted on is here in the next turn.
        yield_now().await;
        let signal = &self.first_signal;
        // To wait for more, as for what a task did, would hold up each program that ends by itself.
        if signal.get().is_none() && matches!(*asked, Reason::MainReturned) {
            return asked;
        }
        let comes: Boxed<'_> = Box::pin(async {
            signal.wait().await;
        });
        ends_within(SIGNAL_GRACE, SIGNAL_GRACE, comes, || signal.get().is_some()).await;
        match signal.get() {
            Some(&signal) => Arc::new(Reason::Signal(signal)),
            None => asked,
        }
    }

    /// Goes on serving.
    async fn delay(&self, stop: &Stop) {
        let over = stop.began + stop.delay;
        self.log.waits("the delay, still serving", stop.delay);
        if self.lifecycle.body().is_start_up() {
            sleep_until(over).await;
        } else {
            // It was `main` itself that served: its end ends the delay.
            ends_by(over, self.lifecycle.body().ended()).await;
        }
    }

    /// Closes what has been registered, then what was registered meanwhile, until nothing is left.
    async fn close_all(self: &Arc<Self>, stop: &Stop) {
        if self.lifecycle.stack().is_over() {
            return;
        }
        let sequence = self.sequence_of(stop);
        loop {
            // In one go: what comes in between is of the next round, with all that it asks for.
            let (late, steps) = {
                let mut stack = self.lifecycle.stack();
                (stack.take_at_request(), stack.take())
            };
            if steps.is_empty() {
                return;
            }
            // Of a state that came behind the request.
            if let (Some(acts), false) = (at_request(), late.is_empty()) {
                acts.late(self, stop, late, &steps).await;
            }
            sequence.close(steps, stop.deadline).await;
        }
    }

    fn log_beginning(&self, stop: &Stop) {
        let (closes, more) = {
            let stack = self.lifecycle.stack();
            (stack.names(LISTED), stack.len().saturating_sub(LISTED))
        };
        let is_asked_for = matches!(
            *stop.reason,
            Reason::Signal(_) | Reason::Requested(_) | Reason::CriticalTask { .. }
        );
        if closes.is_empty() && !is_asked_for {
            return; // as quiet as a program without graceful
        }
        self.log.enqueue(LogEvent::Began {
            reason: stop.reason.clone(),
            closes,
            more,
            budget: self.settings.timeout,
            delay: stop.delay,
            takes_signals: !self.settings.signals.is_empty(),
        });
    }

    /// Says every few seconds what is waited for; never ends.
    async fn log_waiting(&self, stop: &Stop) {
        let mut due = stop.began;
        loop {
            due += WAITING_LINE;
            sleep_until(due).await;
            let sequence = self.sequence.get();
            self.log.enqueue(LogEvent::Waiting {
                steps: sequence.map(|sequence| sequence.root().clone()),
                // A step whose limit is as long has ended a moment later: it is what was waited for.
                now: due,
                age: due - stop.began,
                remaining: stop.deadline.saturating_duration_since(due),
                to_stderr: !self.is_hosted,
            });
        }
    }
}
