//! Closes behind which there is always another one.

use crate::{builder, ms, ready_once_running, say};
use graceful::{Handle, defer};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Where nobody stops it, the test has failed long ago.
const LOST: Duration = Duration::from_secs(20);

fn defer_another(began: Instant) {
    defer("lease", move |_| async move {
        if began.elapsed() < LOST {
            defer_another(began);
        }
    });
}

pub(crate) fn in_a_close() -> ExitCode {
    builder().timeout(ms(1000)).run_state(async {
        ready_once_running();
        let began = Instant::now();
        defer("lease", move |_| async move { defer_another(began) });
        let service = tokio::spawn(graceful::requested());
        Ok::<_, std::io::Error>(service)
    })
}

/// More would be a matter of how long a busy machine takes for the report: from there on it goes slowly, and there is always
/// another one.
const MANY: usize = 30_000;

fn defer_for_ever(handle: &Handle) {
    let began = Instant::now();
    for deferred in 0.. {
        if began.elapsed() > LOST {
            return;
        }
        if deferred < MANY {
            handle.defer("lease", |_| async {});
        } else {
            handle.defer("lease", |_| sleep(ms(100)));
            thread::sleep(ms(5));
        }
    }
}

pub(crate) fn in_a_tight_loop() -> ExitCode {
    builder().timeout(ms(1000)).run_state(async {
        ready_once_running();
        let handle = Handle::current();
        // From the moment that the closes begin.
        defer("loop", move |_| async move {
            for _ in 0..2 {
                let handle = handle.clone();
                thread::spawn(move || defer_for_ever(&handle));
            }
            sleep(ms(50)).await;
            say("loops");
        });
        let service = tokio::spawn(graceful::requested());
        Ok::<_, std::io::Error>(service)
    })
}
