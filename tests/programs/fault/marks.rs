//! What the program did, for the test to read: a line a mark, with its time.

use graceful::{Handle, Phase};
use std::fs::File;
use std::io::Write as _;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Writes one line; small appends to a file are not torn.
pub(crate) fn mark(text: &str) {
    let path = std::env::var_os("FAULT_MARKS").expect("the test says where marks go");
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .expect("the marks' file can be opened");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is past 1970");
    file.write_all(format!("{} {text}\n", now.as_micros()).as_bytes())
        .expect("a mark can be written");
}

/// From here on the test may send its signal.
pub(crate) fn ready() {
    mark("ready");
}

/// The same once `main` has returned its state: a signal before that is one in the start-up.
pub(crate) fn ready_once_running() {
    // Not a task: the fault may be that none is run.
    thread::spawn(|| {
        while Handle::current().phase() < Phase::Running {
            thread::sleep(Duration::from_millis(1));
        }
        ready();
    });
}
