//! Phases, requests, and what is registered at run time.

use super::{Field, life, lines, ms};
use crate::entry::{live, run_test, start_paused};
use crate::{Builder, Handle, Phase, Reason, critical, defer, exit, manage, request, requested};
use std::sync::{Arc, Mutex};
use tokio::time::{Instant, sleep};

#[test]
fn deferred_closes_run_in_reverse_order() {
    let ((), report) = life(async {
        defer("first", |_| sleep(ms(10)));
        defer("second", |_| sleep(ms(20)));
    });
    assert_eq!(lines(&report), ["second closed 0-20", "first closed 20-30"]);
    assert_eq!(report.reason, Reason::MainReturned);
}

#[test]
fn a_deferred_close_can_be_taken_back() {
    let (cancelled, report) = life(async { defer("first", |_| async {}).cancel() });
    assert!(cancelled);
    assert!(report.steps.is_empty());
}

#[test]
fn a_deferred_close_has_its_own_limit() {
    let ((), report) = life(async {
        defer("hangs", |_| std::future::pending::<()>()).timeout(ms(100));
    });
    assert_eq!(lines(&report), ["hangs timed out 0-100"]);
}

#[test]
fn what_a_close_defers_is_closed_too() {
    let ((), report) = life(async {
        defer("outer", |_| async {
            defer("inner", |_| async { Err::<(), _>("too late") });
        });
    });
    assert_eq!(
        lines(&report),
        ["outer closed 0-0", "inner failed: too late 0-0"]
    );
}

#[test]
fn the_state_closes_before_what_its_start_up_deferred() {
    let ((), report) = life(async {
        defer("lease", |_| async {});
        manage(Field::Takes(ms(10)));
    });
    let names: Vec<_> = report.steps.iter().map(|step| &*step.name).collect();
    assert!(names[0].ends_with("Field"), "{names:?}");
    assert_eq!(names[1], "lease");
}

#[test]
fn a_request_resolves_requested_everywhere() {
    let ((), report) = life(async {
        let token = Handle::current().token();
        let waiting = tokio::spawn(async {
            requested().await;
            Handle::current().phase()
        });
        sleep(ms(10)).await;
        assert!(!token.is_cancelled());
        assert_eq!(Handle::current().remaining(), None);
        request("the licence has expired");
        assert_eq!(waiting.await.unwrap(), Phase::Closing);
        assert!(token.is_cancelled());
        assert_eq!(Handle::current().remaining(), Some(ms(1000)));
    });
    assert_eq!(
        report.reason.to_string(),
        "request: the licence has expired"
    );
}

#[test]
fn the_first_reason_stands() {
    let ((), report) = life(async {
        request("first");
        request("second");
        requested().await;
    });
    assert_eq!(report.reason, Reason::Requested("first".into()));
}

#[test]
fn the_deadline_is_frozen_when_the_stop_begins() {
    let seen = Arc::new(Mutex::new(None));
    let ((), report) = life({
        let seen = seen.clone();
        async move {
            let began = Instant::now();
            request("stop");
            requested().await;
            defer("last", move |cx| async move {
                *seen.lock().unwrap() = Some((cx.deadline() - began, cx.reason().clone()));
            });
            sleep(ms(400)).await;
        }
    });
    let (deadline, reason) = seen.lock().unwrap().take().unwrap();
    assert_eq!(deadline, ms(1000));
    assert_eq!(reason, Reason::Requested("stop".into()));
    assert_eq!(lines(&report), ["last closed 400-400"]);
}

#[test]
fn a_cancelled_child_token_stops_nobody_else() {
    let ((), report) = life(async {
        Handle::current().token().cancel();
        assert!(!Handle::current().is_requested());
    });
    assert_eq!(report.reason, Reason::MainReturned);
}

#[test]
fn a_body_that_does_not_end_does_not_block_the_closes() {
    let builder = start_paused(Builder::current_thread().timeout(ms(1000)), true);
    let (_, report) = live(
        builder,
        Box::pin(async {
            defer("db", |_| async {}).timeout(ms(400));
            request("stop");
            std::future::pending::<()>().await;
        }),
    );
    let report = report.unwrap();
    assert_eq!(lines(&report), ["db closed 600-600"]);
    assert!(report.left_behind[0].what.contains("`main`"), "{report}");
}

#[test]
fn outside_of_a_lifecycle_the_error_says_what_to_do() {
    // Other tests' lifecycles may be running beside this one.
    let error = std::thread::spawn(|| Handle::try_current().map(|_| ()))
        .join()
        .unwrap();
    if let Err(error) = error {
        assert!(error.to_string().contains("graceful"), "{error}");
    }
}

/// As tonic's, of which only the source says what went wrong.
#[derive(Debug)]
struct Transport(std::fmt::Error);

impl std::fmt::Display for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("transport error")
    }
}

impl std::error::Error for Transport {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_critical_task_takes_the_service_with_it() {
    async fn reason_of(task: impl Future<Output: crate::IntoOutcome> + Send + 'static) {
        tokio::spawn(critical("consumer", task));
        requested().await;
    }
    let ((), ended) = life(reason_of(async {}));
    let ((), failed) = life(reason_of(async { Err::<(), _>("connection lost") }));
    let ((), sourced) = life(reason_of(async {
        Err::<(), _>(Transport(std::fmt::Error))
    }));
    let ((), panicked) = life(reason_of(async { assert_eq!(1, 2, "out of luck") }));
    let ((), aborted) = life(async {
        tokio::spawn(critical("consumer", std::future::pending::<()>())).abort();
        requested().await;
    });
    for (report, how) in [
        (ended, "ended"),
        (failed, "failed: connection lost"),
        (
            sourced,
            "failed: transport error: an error occurred when formatting an argument",
        ),
        (
            panicked,
            "panicked: assertion `left == right` failed: out of luck",
        ),
        (aborted, "was dropped"),
    ] {
        let expected = format!("critical task `consumer` {how}");
        let reason = report.reason.to_string();
        assert!(reason.starts_with(&expected), "{reason}");
        assert_eq!(report.exit_code, 1);
    }
}

#[test]
fn a_critical_task_may_end_once_the_stop_has_begun() {
    let ((), report) = life(async {
        manage(tokio::spawn(critical("consumer", requested())));
        request("stop");
    });
    assert_eq!(report.reason, Reason::Requested("stop".into()));
    assert_eq!(report.exit_code, 0);
}

#[test]
fn a_main_that_manages_its_state_is_running() {
    let ((), _) = life(async {
        assert_eq!(Handle::current().phase(), Phase::Starting);
        defer("lease", |_| async {});
        assert_eq!(Handle::current().phase(), Phase::Starting);
        manage(Field::Takes(ms(10)));
        assert_eq!(Handle::current().phase(), Phase::Running);
    });
}

#[test]
fn the_delay_ends_with_the_main_that_served() {
    let builder = Builder::current_thread().timeout(ms(1000)).delay(ms(500));
    let (_, report) = live(
        start_paused(builder, true),
        Box::pin(async {
            request("stop");
            sleep(ms(100)).await;
        }),
    );
    assert_eq!(report.unwrap().total, ms(100));
}

#[test]
fn exit_ends_the_task_that_a_close_waits_for() {
    async fn leaves() {
        sleep(ms(10)).await;
        exit(3).await;
    }
    let ((), field) = life(async {
        manage(tokio::spawn(leaves()));
    });
    let ((), set) = life(async {
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(leaves());
        tasks.spawn(sleep(ms(30)));
        manage(tasks);
    });
    let ((), tracked) = life(async {
        let tracker = crate::Tracker::new();
        drop(tracker.spawn(leaves()));
        manage(tracker);
    });
    let ((), own) = life(async {
        let task = tokio::spawn(critical("consumer", leaves()));
        defer("consumer", |_| task);
    });
    let ((), close) = life(async {
        defer("close", |_| leaves());
    });
    for (report, took) in [
        (field, 10),
        (set, 30),
        (tracked, 10),
        (own, 10),
        (close, 10),
    ] {
        assert!(report.is_clean(), "{report}");
        assert_eq!((report.exit_code, report.total), (3, ms(took)), "{report}");
    }
}

#[test]
fn the_first_code_that_is_not_0_stands() {
    let ((), report) = life(async {
        for code in [0, 4, 5] {
            tokio::spawn(async move {
                exit(code).await;
            });
            sleep(ms(1)).await;
        }
    });
    assert_eq!((report.reason, report.exit_code), (Reason::Exit(0), 4));
}

#[test]
#[should_panic(expected = "the stop ended the test: critical task `consumer` ended")]
fn a_test_that_a_critical_task_ends_says_so() {
    let builder = start_paused(Builder::current_thread().timeout(ms(1000)), true);
    let body = async {
        tokio::spawn(critical("consumer", async {}));
        std::future::pending::<()>().await;
    };
    run_test(builder, Box::pin(body));
}

/// As the connections of a server do that close in the order in which they came. Out of a list it took 32 s on a busy machine.
#[test]
fn tens_of_thousands_are_taken_back_in_the_order_in_which_they_came() {
    let (took, report) = life(async {
        let deferred: Vec<_> = (0..50_000).map(|_| defer("lease", |_| async {})).collect();
        let began = std::time::Instant::now();
        assert!(deferred.into_iter().all(crate::Deferred::cancel));
        began.elapsed()
    });
    assert!(took < ms(5000), "{took:?}");
    assert!(report.steps.is_empty());
}
