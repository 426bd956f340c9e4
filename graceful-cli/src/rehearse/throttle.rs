//! A CPU limit without a cgroup: the program stands still for the rest of each period, as it does when its quota is
//! spent.

use super::program::to_group;
use rustix::process::{Pid, Signal};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// The kernel's own default, `cpu.max` of a cgroup.
const PERIOD: Duration = Duration::from_millis(100);

/// Until it is dropped.
pub(super) struct Throttle {
    task: JoinHandle<()>,
    group: Pid,
}

impl Throttle {
    /// Lets a process group run for a `part` of the time.
    pub(super) fn start(group: Pid, part: f64) -> Self {
        let runs = PERIOD.mul_f64(part);
        let task = tokio::spawn(async move {
            loop {
                sleep(runs).await;
                to_group(group, Signal::STOP);
                sleep(PERIOD.saturating_sub(runs)).await;
                to_group(group, Signal::CONT);
            }
        });
        Self { task, group }
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        self.task.abort();
        // Children of the program that live on would stand still for ever.
        to_group(self.group, Signal::CONT);
    }
}
