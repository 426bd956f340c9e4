//! What the report says, and what it does not.

use super::{Field, closed, life, ms};
use crate::{
    CauseKind, Context, Embedded, Outcome, Plan, Result, Shutdown, Step, Steps, Tracker, defer,
    manage,
};
use std::future::pending;
use std::time::Duration;

/// As the derive has a type of which nothing is closed.
struct Nothing;

impl Shutdown for Nothing {
    const PLAN: Plan = Plan::new("ApiContext", &[]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        Steps::new(cx, Self::PLAN).run()
    }
}

#[test]
fn a_state_without_steps_is_not_reported_as_closed() {
    let report = closed(Nothing).to_string();
    assert!(report.contains("nothing to close"), "{report}");
    assert!(!report.contains("closed"), "{report}");
}

#[test]
fn a_note_stands_in_the_report_also_where_the_step_has_closed() {
    let ((), report) = life(async {
        defer("sockets", |cx| async move {
            cx.progress("2 of 3");
            cx.note("1 client did not answer the close");
        });
    });
    assert!(report.is_clean());
    let text = report.to_string();
    let line = "closed; 1 client did not answer the close";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("2 of 3"), "{text}");
}

/// More time would not have helped.
#[test]
fn a_note_says_why_a_step_overran() {
    let ((), report) = life(async {
        let sockets = defer("sockets", |cx| async move {
            cx.note("1 client did not answer the close");
            pending::<()>().await;
        });
        sockets.timeout(ms(100));
    });
    let text = report.to_string();
    assert!(text.contains("timed out; 1 client did not"), "{text}");
    assert!(!text.contains("`timeout`"), "{text}");
}

fn limited(limit: Option<u64>) -> String {
    let ((), report) = life(async move {
        let queue = defer("queue", |_| pending::<()>());
        if let Some(limit) = limit {
            queue.timeout(ms(limit));
        }
    });
    report.to_string()
}

#[test]
fn the_advice_names_the_limit_that_cut_the_step() {
    let own = limited(Some(200));
    assert!(own.contains("raise its `timeout`"), "{own}");
    for total in [limited(None), limited(Some(5000))] {
        assert!(total.contains("give the whole more time"), "{total}");
        assert!(
            total.contains("timed out; the total deadline cut it"),
            "{total}"
        );
        assert!(!total.contains("raise its"), "{total}");
    }
}

#[test]
fn a_step_below_another_is_no_reason_to_raise_the_total() {
    const INNER: Plan = Plan::new("Inner", &[Step::new("db").timeout(ms(9000))]);

    struct Outer;

    impl Shutdown for Outer {
        const PLAN: Plan = Plan::new("Outer", &[Step::new("inner").timeout(ms(200))]);

        fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
            let mut steps = Steps::new(cx, Self::PLAN);
            steps.call(Field::Hangs, |field, cx| async move {
                let mut steps = Steps::new(cx, INNER);
                steps.close(field);
                steps.run().await
            });
            steps.run()
        }
    }
    let report = closed(Outer).to_string();
    assert_eq!(report.matches("raise its `timeout`").count(), 1, "{report}");
    assert!(!report.contains("the whole"), "{report}");
}

#[tokio::test]
async fn a_thread_that_is_blocked_is_no_matter_of_more_time() {
    let embedded = Embedded::new();
    let blocks = embedded.handle().defer("blocks", |_| async {
        std::thread::sleep(Duration::from_secs(60));
    });
    blocks.timeout(ms(100));
    let hangs = embedded.handle().defer("hangs", |_| pending::<()>());
    hangs.timeout(ms(100));
    let report = embedded.stop(Duration::from_secs(60)).await;
    let is_blocked = |name: &str| report.step(name).is_some_and(|step| step.blocked);
    assert!(is_blocked("blocks") && !is_blocked("hangs"), "{report}");
    let text = report.to_string();
    assert!(text.contains("it blocks its thread"), "{text}");
    assert_eq!(text.matches("raise its `timeout`").count(), 1, "{text}");
}

/// The closes of what it is made of are counted, and its own fault beside them.
#[test]
fn totals_count_leaves() {
    struct Outer;

    impl Shutdown for Outer {
        const PLAN: Plan = Plan::new("Outer", &[Step::new("inner")]);

        fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
            let mut steps = Steps::new(cx, Self::PLAN);
            steps.call(
                [Field::Takes(ms(1)), Field::Takes(ms(2))],
                |fields, cx| async {
                    fields.shutdown(cx).await?;
                    Err("its own lock file is gone".into())
                },
            );
            steps.run()
        }
    }
    let report = closed(Outer).to_string();
    assert!(report.contains(": 2 closed, 1 failed"), "{report}");
    let (_, report) = life(async { manage([Field::Takes(ms(1)), Field::Takes(ms(2))]) });
    assert!(report.to_string().contains(": 2 closed"), "{report}");
}

/// What a host ends with is the host's.
#[tokio::test]
async fn a_host_s_report_names_no_exit_code() {
    let embedded = Embedded::new();
    embedded.handle().defer("db", |_| async { false });
    let report = embedded.stop(Duration::from_secs(60)).await;
    assert_eq!(report.exit_code, 1);
    assert!(!report.to_string().contains("exit code"), "{report}");
}

/// While it closes, and once it has.
#[tokio::test]
async fn a_host_s_service_says_how_far_it_is_and_gives_its_report_to_who_asked() {
    let embedded = Embedded::new();
    let (told, heard) = std::sync::mpsc::channel();
    let handle = embedded.handle();
    handle.on_report(move |report| {
        told.send(report.causes()).expect("somebody hears it");
    });
    assert_eq!(handle.report_so_far(), None);
    let asked = handle.clone();
    handle.defer("db", |_| async { Err::<(), _>("gone") });
    handle.defer("http", move |cx| async move {
        cx.progress("1 of 2");
        let report = asked.report_so_far().ok_or("there is no report")?;
        let stages = report.steps.iter().map(|step| step.outcome.clone());
        let expected = [Outcome::Running, Outcome::NotStarted];
        if stages.collect::<Vec<_>>() == expected {
            Ok(())
        } else {
            Err(report.to_string())
        }
    });
    let report = embedded.stop(Duration::from_secs(60)).await;
    assert_eq!(report.step("http").unwrap().outcome, Outcome::Closed);
    let causes = heard.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(causes, report.causes());
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].component, "db");
    assert_eq!(causes[0].kind, CauseKind::Failed);
    assert_eq!(causes[0].message, "gone");
}

/// A guard and two tasks: their number, beside the words.
#[test]
fn what_was_in_flight_is_a_number() {
    let ((), report) = life(async {
        let tracker = Tracker::new();
        for _ in 0..2 {
            drop(tracker.spawn(pending::<()>()));
        }
        let guard = tracker.guard();
        let jobs = defer("jobs", move |cx| async move {
            let _guard = guard;
            tracker.shutdown(cx).await
        });
        jobs.timeout(ms(100));
        defer(
            "quick",
            |cx| async move { Tracker::new().shutdown(cx).await },
        );
    });
    assert_eq!(report.step("jobs").unwrap().in_flight, Some(3), "{report}");
    assert_eq!(report.step("quick").unwrap().in_flight, None);
}
