//! A service of `Type=notify`: systemd knows when it is ready, that it is stopping, at which step, and whether it still lives.
//!
//! ```no_run
//! # async fn start() -> std::io::Result<tokio::task::JoinHandle<()>> { Ok(tokio::spawn(async {})) }
//! #[graceful::main]
//! async fn main() -> std::io::Result<tokio::task::JoinHandle<()>> {
//!     graceful::systemd::notify();
//!     start().await // ready once the state is returned
//! }
//! ```
//!
//! ```ini
//! [Service]
//! Type=notify
//! ExecStart=/usr/bin/orders
//! WatchdogSec=10s
//! TimeoutStopSec=30s
//! ```

mod notifier;
mod progress;
mod socket;
mod watchdog;

use graceful_runtime::Handle;
use notifier::Notifier;
use std::io;
use std::thread;
use tokio::runtime::Builder;

/// Tells systemd how the current lifecycle is doing, from here to its end, by [sd_notify(3)]'s protocol. It returns whether
/// there is somebody to tell: without `NOTIFY_SOCKET` in the environment nothing happens, so the call may stand in every
/// `main`.
///
/// [sd_notify(3)]: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
///
/// | what | when |
/// | --- | --- |
/// | `READY=1` | `main` has returned its state, or handed one over |
/// | `WATCHDOG=1` | twice in each `WatchdogSec`, while the program's runtime answers: a task is spawned, and has to be run. Once the stop has begun its deadline is the watchdog, and this goes on up to it |
/// | `STOPPING=1` | the stop has begun |
/// | `STATUS=…` | the reason, then what is being closed, and at the end the first line of the report |
/// | `EXTEND_TIMEOUT_USEC=…` | while the stop makes progress: a step has begun or ended, or said something new of itself. Each time for 5 s more, and never past the stop's own deadline. So `TimeoutStopSec` ends a stop that hangs, and not one that is long |
///
/// It runs on a thread of its own, `graceful-systemd`, with a small runtime: what blocks the program's runtime does not
/// silence it.
///
/// # Panics
///
/// Outside of a tokio runtime, and as [`Handle::current`].
#[track_caller]
pub fn notify() -> bool {
    let lifecycle = Handle::current();
    let program = tokio::runtime::Handle::current();
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return false;
    }
    let notifier = Notifier::new(lifecycle, program);
    // On that thread: where it is not to be had, a runtime would be dropped inside of the program's, which panics.
    let run = || match Builder::new_current_thread().enable_time().build() {
        Ok(own) => own.block_on(notifier.run()),
        Err(error) => cant_tell(&error),
    };
    let thread = thread::Builder::new().name("graceful-systemd".to_owned());
    let started = thread.spawn(run);
    if let Err(error) = &started {
        cant_tell(error);
    }
    started.is_ok()
}

fn cant_tell(error: &io::Error) {
    tracing::warn!(target: "graceful", %error, "systemd can't be told how the service is doing");
}
