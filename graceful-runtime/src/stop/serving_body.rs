//! A body that serves by itself, and returns no state: whether it may have heard of the stop.

use super::course::SIGNAL_GRACE;
use super::foreign_threads::foreign_threads;
use super::supervisor::{Serving, Supervisor};
use crate::futures::ends_within;
use crate::lifecycle::Stop;
use crate::logging::LogEvent;
use crate::reason::Reason;
use std::time::Duration;

/// A body that listens is woken within a millisecond of the signal, on a busy machine within some more.
const HEARS_WITHIN: Duration = Duration::from_millis(50);

/// What is left to hear in, however late the supervisor is itself.
const AT_LEAST: Duration = Duration::from_millis(10);

/// A body that is awake this often may look at a flag that something else has set.
const LOOKS_WITHIN: Duration = Duration::from_secs(1);

pub(crate) const SERVING: Serving = Serving(|supervisor, stop| {
    Box::pin(async {
        if supervisor.may_have_heard(stop).await {
            Vec::new()
        } else {
            supervisor.drop_deaf_body(stop)
        }
    })
});

impl Serving {
    /// Lets the body end by itself where it may have heard of the stop, and drops it where it has not, behind the sections
    /// that are returned.
    pub(super) async fn end(self, supervisor: &Supervisor, stop: &Stop) -> Vec<String> {
        (self.0)(supervisor, stop).await
    }
}

impl Supervisor {
    /// Whether the body shows a sign of having heard: tokio does not say who listens to a signal. Where it
    /// can't be told it has, since to lose work is the worse mistake.
    async fn may_have_heard(&self, stop: &Stop) -> bool {
        if let Some(listens) = self.settings.listens {
            return listens;
        }
        if self.found().signal_came_before {
            return false;
        }
        let began = stop.began_by_machine;
        // A body on another thread may hear of a signal a moment before the supervisor does. One that has handed its
        // state over hears of it here.
        let look_back = if stop.was_running {
            Duration::ZERO
        } else {
            SIGNAL_GRACE
        };
        let is_awake_since = || {
            let last = self.lifecycle.body().last_awake();
            last.is_some_and(|last| last + look_back >= began)
        };
        let last = self.lifecycle.body().last_awake();
        let was_awake =
            last.is_some_and(|last| began.saturating_duration_since(last) < LOOKS_WITHIN);
        // In the middle of a poll its thread may have to wait for a processor, before it asks.
        let is_polled = self.lifecycle.body().is_polled();
        let window = if is_polled || (was_awake && !stop.was_running) {
            LOOKS_WITHIN.min(self.settings.timeout / 10)
        } else {
            HEARS_WITHIN
        };
        // Of a machine that stood still since then something is left.
        let window = window.saturating_sub(began.elapsed()).max(AT_LEAST);
        self.log.waits("a sign that `main` has heard", window);
        let body = self.lifecycle.body();
        if ends_within(window, HEARS_WITHIN, body.ended(), is_awake_since).await {
            return true;
        }
        // It may be about to ask: no poll has ended since, and nothing but a processor is missing to its thread.
        let thread = self.main_thread.state();
        if is_polled && thread.is_some_and(|thread| thread.is_running()) {
            let longer = LOOKS_WITHIN.min(self.settings.timeout / 3);
            self.log.waits("a poll of `main` to end", longer);
            if ends_within(longer, HEARS_WITHIN, body.ended(), is_awake_since).await {
                return true;
            }
        }
        // A state that is closed anyway, or an exit: what others do need not be waited for.
        if stop.was_running {
            return false;
        }
        match *stop.reason {
            Reason::Signal(_) => {
                self.executor.alive_tasks() > 0 || foreign_threads(&self.runtime_threads) > 0
            }
            Reason::Requested(_) => self.executor.alive_tasks() > 0,
            _ => false,
        }
    }

    /// Drops it, or has it dropped behind what is shielded in it.
    fn drop_deaf_body(&self, stop: &Stop) -> Vec<String> {
        let sections = self.lifecycle.drop_body_behind_sections();
        if stop.was_running {
            return sections;
        }
        let tasks = self.executor.alive_tasks();
        self.found().main_dropped = true;
        if matches!(*stop.reason, Reason::Signal(_) | Reason::Requested(_)) {
            let words = main_dropped(&stop.reason, tasks);
            self.log.enqueue(LogEvent::OfMain(words));
        }
        sections
    }
}

fn main_dropped(reason: &Reason, tasks: usize) -> String {
    let tasks = match tasks {
        0 => String::new(),
        1 => ", with 1 task beside it".to_owned(),
        tasks => format!(", with {tasks} tasks beside it"),
    };
    format!(
        "`main` showed no sign of having heard of {reason}: it was dropped where it was{tasks}. To end by itself it \
         awaits `graceful::requested()` where it would await a signal; or it returns a state, which is then closed"
    )
}
