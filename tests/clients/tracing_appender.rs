//! `tracing-appender`.

use crate::kit::{program, ready};
use graceful::Signal;
use std::time::Duration;

/// The last line is that of the report, which stands behind the closes of all fields but the log's own.
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
    assert!(log.contains("beside: closed"), "{log}");
}
