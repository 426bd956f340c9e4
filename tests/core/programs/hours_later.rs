//! A program whose annotated functions have nothing to do with each other.

use crate::{builder, ms, say};
use std::process::ExitCode;
use std::thread;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

/// Stands for hours.
fn hours_pass() {
    thread::sleep(ms(2500));
}

/// The signal comes while the first one closes, which ends as it would have without.
pub(crate) fn late_signal() -> ExitCode {
    builder().timeout(ms(20_000)).run(async {
        graceful::defer("lease", |_| async {
            let mut heard = signal(SignalKind::terminate()).expect("it can be listened to");
            say("ready");
            heard.recv().await;
            sleep(ms(300)).await;
        });
    });
    say("the first has returned");
    hours_pass();
    builder().timeout(ms(20_000)).run(async {
        sleep(ms(300)).await;
        say("the second went on");
    });
    ExitCode::SUCCESS
}

/// The first one fails, and its code is the caller's to use, or not.
pub(crate) fn code() -> ExitCode {
    let failed = async { Err::<Option<tokio::task::AbortHandle>, _>("no such table") };
    let _code = builder().timeout(ms(20_000)).run_state(failed);
    say("the first has failed");
    builder()
        .timeout(ms(20_000))
        .run(async { graceful::exit(0).await })
}
