//! The tasks that are ready, and the threads that come for them: data only.

use super::task::Task;
use std::collections::VecDeque;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Queue {
    control: VecDeque<Arc<Task>>,
    user: VecDeque<Arc<Task>>,
    /// Threads that were started and have not ended, the stuck ones too.
    pub(super) threads: usize,
    /// Those of them that wait for a task.
    pub(super) idle: usize,
    /// Those of the idle ones that were woken, and have not come yet.
    pub(super) woken: usize,
    /// How many tasks were taken so far.
    pub(super) taken: u64,
    /// Whether the monitor looks after what is here.
    pub(super) is_monitored: bool,
    /// Tasks of the user's that closing threads poll.
    pub(super) user_polls: usize,
    /// Control tasks that are being polled.
    pub(super) control_polls: usize,
    pub(super) is_finished: bool,
    pub(super) is_exhausted: bool,
}

impl Queue {
    pub(super) fn push(&mut self, task: Arc<Task>) {
        if task.is_control() {
            self.control.push_back(task);
        } else {
            self.user.push_back(task);
        }
    }

    /// The next task; what decides on limits goes first.
    pub(super) fn pop(&mut self) -> Option<Arc<Task>> {
        self.pop_control().or_else(|| self.pop_user())
    }

    pub(super) fn pop_control(&mut self) -> Option<Arc<Task>> {
        self.control.pop_front().inspect(|_| self.taken += 1)
    }

    pub(super) fn pop_user(&mut self) -> Option<Arc<Task>> {
        self.user.pop_front().inspect(|_| self.taken += 1)
    }

    pub(super) fn len(&self) -> usize {
        self.control.len() + self.user.len()
    }

    /// Wakes up to `count` of the idle threads: how many.
    pub(super) fn wake_idle(&mut self, count: usize) -> usize {
        let woken = count.min(self.idle - self.woken);
        self.woken += woken;
        woken
    }
}
