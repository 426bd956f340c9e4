//! What a server knows a moment after its client has gone.

use graceful::testing::Ended;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take to notice.
const WITHIN: Duration = Duration::from_secs(1);

const ASK_AGAIN: Duration = Duration::from_millis(20);

/// Asks a server again, for a second: it notices a socket that is closed a moment later.
#[track_caller]
pub(crate) fn soon(ask: impl Fn() -> Result<(), String>) {
    let until = Instant::now() + WITHIN;
    loop {
        // Before it is asked: on a busy machine the answer may take longer than all of the time.
        let is_over = Instant::now() >= until;
        match ask() {
            Ok(()) => return,
            Err(wrong) if is_over => panic!("{wrong}"),
            Err(_) => sleep(ASK_AGAIN),
        }
    }
}

/// No session of a process that has ended; `sessions` has them one a line.
#[track_caller]
pub(crate) fn none_is_left(ended: &Ended, sessions: impl Fn() -> String) {
    soon(|| match &*sessions() {
        "" => Ok(()),
        left => Err(format!("sessions are left:\n{left}\n{ended}")),
    });
}
