//! `tracing-appender`.

use crate::kit::{program, ready};
use graceful::Signal;
use std::time::Duration;

/// Also those that tell of the stop: the guard is a last word.
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
    for words in [
        "stopping after SIGTERM",
        "beside: closed",
        "stopped after SIGTERM",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
}
