//! What becomes of `main`'s body at the stop: it ends by itself, or it is dropped.

use super::foreign_threads::foreign_threads;
use super::log_event::LogEvent;
use super::supervisor::{SIGNAL_GRACE, Supervisor};
use crate::format::Seconds;
use crate::futures::ends_by;
use crate::lifecycle::{Body, Stop};
use crate::reason::Reason;
use crate::report::LeftBehind;
use crate::sequence::share_before;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// A body that listens is polled within a millisecond of the signal, on a busy machine within some more.
const HEARS_WITHIN: Duration = Duration::from_millis(50);

/// A body that is polled this often may look at a flag that something else has set.
const LOOKS_WITHIN: Duration = Duration::from_secs(1);

impl Supervisor {
    /// Lets the body end by itself where it may have heard of the stop, and drops it where it has not.
    pub(super) async fn end_body(&self, stop: &Stop) {
        if self.lifecycle.has_body_ended() {
            return;
        }
        let sections = if self.lifecycle.body_is_start_up() {
            self.lifecycle.drop_body_behind_sections()
        } else if self.may_have_heard(stop).await {
            Vec::new()
        } else {
            self.drop_deaf_body(stop)
        };
        let now = Instant::now();
        let remaining = stop.deadline.saturating_duration_since(now);
        let share = share_before(remaining, self.lifecycle.stack().demands());
        if !sections.is_empty() {
            self.log.enqueue(LogEvent::WaitingForSections {
                sections: sections.clone(),
                at_most: share,
            });
        }
        self.log.waits("`main` to end", share);
        let has_ended = ends_by(now + share, Box::pin(self.lifecycle.body_ended())).await;
        for section in sections {
            let took = Seconds(now.elapsed(), 1);
            let has = if has_ended { "" } else { ", in vain" };
            let waited = format!("`{section}`, which is shielded, for {took}{has}");
            self.waited_for.lock().push(waited);
        }
        if !has_ended && self.lifecycle.body() != Body::Ended {
            let share = Seconds(share, 1);
            let left = match &*self.lifecycle.sections() {
                [] => "`main`".to_owned(),
                sections => format!("`{}` of `main`", sections.join("`, `")),
            };
            let what = format!("{left}, which had not ended after {share}");
            self.abandon(LeftBehind::new("main", what));
            self.main_overran.store(true, Ordering::Relaxed);
            self.lifecycle.drop_body();
        }
    }

    /// Whether the body shows a sign of having heard: tokio does not say who listens to a signal. Where it
    /// can't be told it has, since to lose work is the worse mistake.
    async fn may_have_heard(&self, stop: &Stop) -> bool {
        if let Some(listens) = self.settings.listens {
            return listens;
        }
        if self.signal_came_before.load(Ordering::Relaxed) {
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
        let is_polled_since = || {
            let last = self.lifecycle.body_last_polled();
            last.is_some_and(|last| last + look_back >= began)
        };
        let last = self.lifecycle.body_last_polled();
        let was_awake =
            last.is_some_and(|last| began.saturating_duration_since(last) < LOOKS_WITHIN);
        let window = if was_awake && !stop.was_running {
            LOOKS_WITHIN.min(self.settings.timeout / 10)
        } else {
            HEARS_WITHIN
        };
        let window = window.saturating_sub(began.elapsed());
        let until = Instant::now() + window;
        self.log.waits("a sign that `main` has heard", window);
        loop {
            let look = until.min(Instant::now() + HEARS_WITHIN);
            if ends_by(look, Box::pin(self.lifecycle.body_ended())).await || is_polled_since() {
                return true;
            }
            if look == until {
                break;
            }
        }
        // A state that is closed anyway, or an exit: what others do need not be waited for.
        if stop.was_running {
            return false;
        }
        match *stop.reason {
            Reason::Signal(_) => self.executor.alive_tasks() > 0 || foreign_threads() > 0,
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
        // Nobody else sets it.
        let _ = self.main_dropped.set(tasks);
        if matches!(*stop.reason, Reason::Signal(_) | Reason::Requested(_)) {
            let reason = stop.reason.clone();
            self.log.enqueue(LogEvent::MainDropped { reason, tasks });
        }
        sections
    }
}
