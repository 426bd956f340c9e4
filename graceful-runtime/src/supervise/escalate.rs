//! The first signal begins the stop, the second forces the exit, the third does not even wait for the report.

use super::registry::{Heir, REGISTRY};
use crate::futures::either;
use crate::log::to_stderr_beside;
use crate::logging::LogEvent;
use crate::process_end::{end_hanging_exit, end_process};
use crate::reason::{Reason, Signal};
use crate::signals::Escalation;
use crate::stop::{AfterMain, Supervisor};
use std::sync::Arc;

/// Never ends.
pub(super) async fn escalate(signals: &mut Escalation, supervisor: &Arc<Supervisor>) {
    let mut left = REGISTRY.take_signal(&supervisor.settings.signals);
    loop {
        let signal = match left.take() {
            Some(signal) => {
                supervisor.found().signal_came_before = true;
                signal
            }
            None => signals.next().await,
        };
        let exit_has_begun = supervisor.main_thread.exit_has_begun.is_open();
        match supervisor.main_thread.after() {
            // It is waited for those beside it, who hear the signal too.
            Some(AfterMain::Exit(_)) if !exit_has_begun && REGISTRY.some_run() => continue,
            // A copy of the one that began the stop is no wish to cut what runs behind `main`.
            Some(AfterMain::Exit(_)) if signals.count().is_none() => continue,
            Some(AfterMain::Exit(_)) => {
                signals.request_is_over().await;
                // Nobody else does, once the main thread is through.
                supervisor.found().forced_by.get_or_insert(signal);
                end_hanging_exit(supervisor, signal.exit_code());
            }
            Some(AfterMain::Return) => {
                REGISTRY.leave_signal(signal);
                continue;
            }
            None => {}
        }
        match signals.count() {
            None => {}
            Some(1) => begin(supervisor, signal),
            Some(2) => {
                supervisor.log.enqueue(LogEvent::Forced(signal));
                let third = async {
                    signals.next_request().await;
                    supervisor.leave(signal.exit_code())
                };
                let forced = end_process(supervisor, Some(signal));
                either(Box::pin(forced), Box::pin(third)).await;
            }
            Some(_) => supervisor.leave(signal.exit_code()),
        }
    }
}

/// The function whose stop a signal began has returned, and its caller goes on, as a `main` that waits for something else: it was
/// said that the next signal forces the exit, and so it does, unless somebody hears it who has begun since.
pub(super) async fn force_behind_the_end(
    signals: &mut Escalation,
    supervisor: &Supervisor,
    number: u64,
) {
    let returns = supervisor.main_thread.after() == Some(AfterMain::Return);
    if !returns || !supervisor.first_signal.initialized() {
        return;
    }
    loop {
        let signal = signals.next().await;
        match REGISTRY.heir_of(number) {
            Heir::Later => return,
            Heir::Nobody if signals.count().is_none() => {}
            Heir::Beside => {}
            Heir::Nobody => {
                let words = format!(
                    "a second signal, {signal}: the exit is forced. The function that stopped after the first one has \
                     returned, and its caller went on"
                );
                to_stderr_beside(vec![words]);
                supervisor.leave(signal.exit_code());
            }
        }
    }
}

fn begin(supervisor: &Supervisor, signal: Signal) {
    let lifecycle = &supervisor.lifecycle;
    // A second one forces the exit, and does not come here.
    let _ = supervisor.first_signal.set(signal);
    // Also where the stop has only been asked for, and nothing has happened yet.
    let begins = lifecycle.request(Reason::Signal(signal));
    // Looked at behind the request: a `main` that has heard of the signal too may have ended just before that.
    if !begins && !lifecycle.may_follow_a_signal() {
        supervisor.log.enqueue(LogEvent::AlreadyStopping(signal));
        REGISTRY.leave_signal(signal);
    }
}
