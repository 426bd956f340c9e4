//! `tracing-appender`.

use crate::kit::{program, ready};
use graceful::Signal;
use std::time::Duration;

/// What is said of the fields is said by a thread of its own, which may be behind the guard.
#[test]
fn the_log_file_has_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let mut service = ready(program("tracing-appender", "load", 0).env("FILE", &file));
    let ended = service
        .after(Duration::from_millis(200))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0);
    let log = std::fs::read_to_string(&file).unwrap();
    let lines = log.lines().filter(|line| line.contains("a piece of work"));
    ended.assert_stdout(&[&format!("acknowledged {}", lines.count())]);
    assert!(log.contains("stopping after SIGTERM"), "{log}");
}
