//! The forced exit: after a second signal, or where the deadline has passed and the main thread is stuck.

use super::beside::take_signal;
use super::notice::{Notice, to_stderr};
use super::{Course, flush_stdout, signals::Signals};
use crate::erased::start_thread;
use crate::reason::Signal;
use std::io::Write as _;
use std::time::Duration;
use tokio::time::Instant;

/// Signals that follow each other this fast are one request: process managers and terminals
/// signal a whole group, and a wrapper (`npm`, `cargo run`) hands its own copy on.
const ONE_REQUEST: Duration = Duration::from_millis(250);

/// How long the last words may take to be written: after a signal somebody waits for them,
const AFTER_A_SIGNAL: Duration = Duration::from_millis(300);
/// and at the deadline nothing is left.
const AT_THE_DEADLINE: Duration = Duration::from_millis(60);

/// What is buffered may take no longer: an exit that was asked for again does not wait.
const FLUSH: Duration = Duration::from_millis(10);

/// The name of the threads that end the process.
const EXIT: &str = "graceful-exit";

/// Signals, one after the other: the first begins the stop, the second forces the exit, the third
/// does not even wait for the report. Never ends.
pub(super) async fn escalate(mut signals: Signals, course: &Course) {
    let mut counted: u32 = 0;
    let mut last: Option<Instant> = None;
    let mut left = take_signal(course.signals());
    loop {
        let signal = match left.take() {
            Some(signal) => signal,
            None => signals.next().await,
        };
        if course.is_over() {
            continue;
        }
        let now = Instant::now();
        if last.is_some_and(|last| now.duration_since(last) < ONE_REQUEST) {
            continue;
        }
        last = Some(now);
        counted += 1;
        match counted {
            1 => course.first_signal(signal),
            2 => {
                course.narrator().say(Notice::Forced(signal));
                end(course, Some(signal));
            }
            _ => exit(signal.exit_code()),
        }
    }
}

/// Ends the process with the report's code, by a second signal or at the deadline, once it is written or
/// has had its time. Returns at once.
pub(super) fn end(course: &Course, forced_by: Option<Signal>) {
    let report = course.snapshot(forced_by);
    let (code, report) = (report.exit_code, format!("{report}"));
    let patience = match forced_by {
        Some(_) => AFTER_A_SIGNAL,
        None => AT_THE_DEADLINE,
    };
    let narrator = course.narrator().clone();
    let lifecycle = course.lifecycle().clone();
    let last_words = move || {
        narrator.flush(patience / 2);
        to_stderr(&report);
        if let Some(error) = lifecycle.take_error() {
            // As the standard library has it, which won't come to it.
            let error = format!("Error: {error}\n");
            drop(std::io::stderr().write_all(error.as_bytes()));
        }
        exit(code);
    };
    let in_time = move || {
        std::thread::sleep(patience);
        exit(code);
    };
    if start_thread(EXIT, in_time).is_err() || start_thread(EXIT, last_words).is_err() {
        exit(code);
    }
}

/// Ends the process now. Handlers that the user's libraries have registered with `atexit` may
/// hang, so it is aborted if it is still there after a while.
fn exit(code: u8) -> ! {
    drop(start_thread(EXIT, || {
        std::thread::sleep(AFTER_A_SIGNAL);
        std::process::abort();
    }));
    flush_stdout(FLUSH);
    std::process::exit(code.into())
}
