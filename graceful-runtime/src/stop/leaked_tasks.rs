//! Tasks of the user's runtime that are alive when everything is closed: nobody waits for them, and its end cuts them.

use super::supervisor::Supervisor;
use crate::reason::Reason;
use crate::settings::LeakedTasks;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A task that the last close has woken has so many turns of a timer to come to its end.
const TURNS: u32 = 5;

const TURN: Duration = Duration::from_millis(1);

/// How long it has while its runtime is at work, or waits for a processor: then what it was woken for may be still to come.
const AT_WORK: Duration = Duration::from_millis(50);

/// The same where one makes the end unclean.
const AT_WORK_AND_FATAL: Duration = Duration::from_millis(300);

impl Supervisor {
    /// Counts them, where that can be told and somebody will read it.
    pub(super) async fn count_leaked_tasks(&self) {
        if !self.counts_tasks() {
            return;
        }
        let mut alive = self.executor.alive_tasks();
        let at_work = match self.settings.leaked_tasks {
            LeakedTasks::Fail => AT_WORK_AND_FATAL,
            LeakedTasks::Report => AT_WORK,
        };
        if alive > 0 {
            let at_most = at_work + TURN * TURNS;
            self.log.waits("tasks that nobody tracks", at_most);
        }
        let (mut turns, until) = (0, self.before_the_deadline(Instant::now() + at_work));
        while turns < TURNS {
            if alive == 0 {
                return;
            }
            sleep(TURN).await;
            let is_at_work = !self.executor.users_runtime_rests();
            alive = self.executor.alive_tasks();
            if !is_at_work || Instant::now() >= until {
                turns += 1;
            }
        }
        self.found().leaked_tasks = alive;
    }

    fn before_the_deadline(&self, moment: Instant) -> Instant {
        let stop = self.lifecycle.stop();
        stop.map_or(moment, |stop| moment.min(stop.deadline))
    }

    fn counts_tasks(&self) -> bool {
        // A host's runtime has tasks of its own, and in paused time ours are among them. In one that does not answer none
        // has a turn to end.
        let is_own = !self.is_hosted && self.executor.has_only_tasks_of_the_user();
        let ended_by_itself = self
            .lifecycle
            .reason()
            .is_none_or(|reason| matches!(**reason, Reason::MainReturned | Reason::MainFailed(_)));
        // As quiet, and as quick, as a program without graceful.
        let is_told = !ended_by_itself || self.sequence.get().is_some();
        is_own && (is_told || self.settings.leaked_tasks == LeakedTasks::Fail)
    }
}
