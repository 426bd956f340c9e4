//! What becomes of `main`'s body at the stop: it ends by itself, or it is dropped.

use super::supervisor::Supervisor;
use crate::format::Seconds;
use crate::futures::ends_by;
use crate::lifecycle::Stop;
use crate::logging::LogEvent;
use crate::reason::Reason;
use crate::report::{CauseKind, LeftBehind};
use crate::sequence::share_before;
use tokio::time::Instant;

/// Of one that was to return a state: it may be starting, or serve in the place of that.
const BEFORE_ITS_STATE: &str = "`main` had not returned its state yet: its start was dropped where it was. A `main` that serves in \
     its own body calls `graceful::manage(state)` first, and returns no state";

impl Supervisor {
    /// The body has been dropped, by whatever it was that asked for the stop.
    pub(crate) fn body_was_dropped(&self) {
        let Some(stop) = self.lifecycle.stop() else {
            return;
        };
        let is_asked_for = matches!(*stop.reason, Reason::Signal(_) | Reason::Requested(_));
        if is_asked_for && self.serving.is_none() {
            let words = BEFORE_ITS_STATE.to_owned();
            self.log.enqueue(LogEvent::OfMain(words));
        }
    }

    /// What is said of a body that has not ended. Whether one that was waited for because it could have heard has done so is not
    /// known: an axum server that drains without a limit looks the same as one that was never told, or listens to another signal.
    pub(super) fn why_it_goes_on(&self) -> String {
        let Some(stop) = self.lifecycle.stop() else {
            return String::new();
        };
        if self.lifecycle.body().is_being_dropped() {
            return ": it was dropped, and something that it held blocks in its `Drop`, as a tokio `Runtime` does that waits for blocking \
                    work: that has no limit, as a field of a state would have"
                .to_owned();
        }
        if self.serving.is_none() || self.settings.listens.is_some() {
            return String::new();
        }
        format!(
            ": where it has not heard of {}, it awaits `graceful::requested()`, or says `listens = false`; where it has, \
             what it waits for has no limit, as a field of a state would have",
            stop.reason
        )
    }

    /// Lets the body end by itself where it may have heard of the stop, and drops it where it has not.
    pub(super) async fn end_body(&self, stop: &Stop) {
        if self.lifecycle.body().has_ended() {
            return;
        }
        let sections = match self.serving {
            None => self.lifecycle.drop_body_behind_sections(),
            Some(serving) => serving.end(self, stop).await,
        };
        let now = Instant::now();
        let remaining = stop.deadline.saturating_duration_since(now);
        let share = share_before(remaining, self.lifecycle.stack().demands());
        if !sections.is_empty() {
            let names = sections.join("`, `");
            let at_most = Seconds(share, 1);
            self.log.enqueue(LogEvent::OfMain(format!(
                "waiting for `{names}`, which is shielded ({at_most} at most)"
            )));
        }
        self.log.waits("`main` to end", share);
        let has_ended = ends_by(now + share, self.lifecycle.body().ended()).await;
        for section in sections {
            let took = Seconds(now.elapsed(), 1);
            let has = if has_ended { "" } else { ", in vain" };
            let waited = format!("`{section}`, which is shielded, for {took}{has}");
            self.found().waited_for.push(waited);
        }
        if !has_ended && !self.lifecycle.body().has_ended() {
            let share = Seconds(share, 1);
            let left = match &*self.lifecycle.sections() {
                [] => "`main`".to_owned(),
                sections => format!("`{}` of `main`", sections.join("`, `")),
            };
            let advice = self.why_it_goes_on();
            let what = format!("{left}, which had not ended after {share}{advice}");
            self.abandon(LeftBehind::new("main", CauseKind::TimedOut, what));
            self.lifecycle.body().request_drop();
        }
    }
}
