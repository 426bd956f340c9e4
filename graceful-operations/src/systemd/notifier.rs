//! What systemd is told, in its order.

use super::progress::Progress;
use super::socket::tell;
use super::watchdog::Watchdog;
use graceful_runtime::{Handle, Phase};
use sd_notify::NotifyState;
use std::time::Duration;
use tokio::time::sleep;

/// How often the stop is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// How much more time one piece of progress is worth.
const PER_PROGRESS: Duration = Duration::from_secs(5);

/// What the process has after its deadline, to say so and to end.
const FOR_THE_END: Duration = Duration::from_secs(1);

pub(super) struct Notifier {
    lifecycle: Handle,
    watchdog: Option<Watchdog>,
}

impl Notifier {
    pub(super) fn new(lifecycle: Handle, program: tokio::runtime::Handle) -> Self {
        lifecycle.on_report(|report| {
            let text = report.to_string();
            tell(&[status(text.lines().next().unwrap_or_default())]);
        });
        Self {
            lifecycle,
            watchdog: Watchdog::of_environment(program),
        }
    }

    /// To the end of the process.
    pub(super) async fn run(self) {
        let Self {
            lifecycle,
            watchdog,
        } = self;
        if let Some(watchdog) = watchdog {
            // It ends with this runtime.
            tokio::spawn(watchdog.keep_alive(lifecycle.clone()));
        }
        lifecycle.reached(Phase::Running).await;
        // In a stop in the middle of the start it never was.
        if lifecycle.phase() == Phase::Running {
            tell(&[NotifyState::Ready, status("running")]);
        }
        lifecycle.reached(Phase::Draining).await;
        tell_of_stop(&lifecycle).await;
    }
}

async fn tell_of_stop(lifecycle: &Handle) {
    let reason = lifecycle.reason();
    let reason = reason.map(ToString::to_string).unwrap_or_default();
    tell(&[
        NotifyState::Stopping,
        status(&format!("stopping after {reason}")),
    ]);
    let mut progress = Progress::default();
    while lifecycle.phase() < Phase::Stopped {
        let report = lifecycle.report_so_far();
        // It goes on serving for as long as it was told to: that is no hang.
        let is_delayed = lifecycle.phase() == Phase::Draining;
        if let Some(report) = &report {
            if progress.is_new(report) {
                extend(lifecycle);
                if let Some(words) = progress.words() {
                    tell(&[status(&words)]);
                }
            } else if is_delayed {
                extend(lifecycle);
            }
        }
        sleep(LOOK).await;
    }
}

/// Asks for more time, but not for more than the stop itself has.
fn extend(lifecycle: &Handle) {
    let remaining = lifecycle.remaining().unwrap_or_default();
    let more = PER_PROGRESS.min(remaining + FOR_THE_END);
    let more = u32::try_from(more.as_micros()).unwrap_or(u32::MAX);
    tell(&[NotifyState::ExtendTimeoutUsec(more)]);
}

/// One line: a second one would be another assignment.
fn status(words: &str) -> NotifyState<'_> {
    NotifyState::Status(words.lines().next().unwrap_or_default())
}
