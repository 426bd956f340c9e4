//! Signals, one after the other: the first begins the stop, the second forces the exit, the third does not
//! even wait for the report.

use super::forced_exit;
use super::log_event::LogEvent;
use super::registry::{leave_signal, take_signal};
use super::signals::Signals;
use super::supervisor::{AfterMain, Supervisor};
use crate::futures::either;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Signals that follow each other this fast are one request: process managers and terminals
/// signal a whole group, and a wrapper (`npm`, `cargo run`) hands its own copy on.
const ONE_REQUEST: Duration = Duration::from_millis(250);

/// Never ends.
pub(super) async fn escalate(mut signals: Signals, supervisor: &Arc<Supervisor>) {
    let mut counted: u32 = 0;
    let mut last: Option<Instant> = None;
    let mut left = take_signal(supervisor.signals());
    loop {
        let signal = match left.take() {
            Some(signal) => {
                // Relaxed: the supervisor's alone.
                supervisor.signal_came_before.store(true, Ordering::Relaxed);
                signal
            }
            None => signals.next().await,
        };
        match supervisor.after_main() {
            Some(AfterMain::Exit(_)) => {
                sleep(ONE_REQUEST).await;
                forced_exit::end_hanging_exit(supervisor, signal.exit_code());
            }
            Some(AfterMain::Return) => {
                leave_signal(signal);
                continue;
            }
            None => {}
        }
        let now = Instant::now();
        if last.is_some_and(|last| now.duration_since(last) < ONE_REQUEST) {
            continue;
        }
        last = Some(now);
        counted += 1;
        match counted {
            1 => supervisor.first_signal(signal),
            2 => {
                supervisor.log.enqueue(LogEvent::Forced(signal));
                let third = async {
                    signals.next_after(ONE_REQUEST).await;
                    supervisor.leave(signal.exit_code())
                };
                let forced = forced_exit::end_process(supervisor, Some(signal));
                either(Box::pin(forced), Box::pin(third)).await;
            }
            _ => supervisor.leave(signal.exit_code()),
        }
    }
}
