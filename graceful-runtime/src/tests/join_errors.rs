//! What a close returns that awaited a task: the task's error, as it is or within another one.

use super::life;
use crate::{Error, Outcome, Report, defer, exit};
use anyhow::Context as _;
use tokio::task::{JoinError, JoinHandle};

type Within = fn(JoinError) -> Error;

/// As code passes it on.
const WITHIN: [(&str, Within); 5] = [
    ("as it is", |error| error.into()),
    ("anyhow's", |error| anyhow::Error::from(error).into()),
    ("with anyhow's context", |error| {
        let error = Err::<(), _>(error).context("the worker").unwrap_err();
        error.into()
    }),
    ("in io's", |error| std::io::Error::other(error).into()),
    ("in io's, with context", |error| {
        let error = Err::<(), _>(std::io::Error::other(error)).context("the worker");
        error.unwrap_err().into()
    }),
];

/// A close that awaits `task`.
fn closed(task: impl FnOnce() -> JoinHandle<()>, within: Within) -> Report {
    let ((), report) = life(async {
        let task = task();
        defer("worker", move |_| async move { task.await.map_err(within) });
    });
    report
}

#[test]
fn a_task_that_has_called_exit_has_closed_however_its_error_is_wrapped() {
    for (how, within) in WITHIN {
        let exits = || tokio::spawn(async { exit(0).await });
        let report = closed(exits, within);
        let worker = &report.step("worker").unwrap().outcome;
        assert!(matches!(worker, Outcome::Closed), "{how}: {report}");
        assert_eq!(report.exit_code, 0, "{how}: {report}");
    }
}

#[test]
fn a_task_that_panicked_is_reported_as_panicked_however_its_error_is_wrapped() {
    for (how, within) in WITHIN {
        let panics = || tokio::spawn(async { panic!("an offset is missing") });
        let report = closed(panics, within);
        let worker = &report.step("worker").unwrap().outcome;
        assert!(matches!(worker, Outcome::Panicked(_)), "{how}: {report}");
        let text = worker.to_string();
        assert!(text.starts_with("panicked: "), "{how}: {text}");
        assert!(text.contains("an offset is missing"), "{how}: {text}");
    }
}

#[test]
fn a_task_that_was_aborted_has_failed() {
    for (how, within) in WITHIN {
        let aborted = || {
            let task = tokio::spawn(std::future::pending());
            task.abort();
            task
        };
        let report = closed(aborted, within);
        let worker = &report.step("worker").unwrap().outcome;
        assert!(matches!(worker, Outcome::Failed(_)), "{how}: {report}");
    }
}
