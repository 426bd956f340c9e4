//! Orders, limits and faults of a plan's steps.

use super::{Field, closed, is_closed, lines, ms, state};
use crate::{Context, Outcome, Plan, Result, Shutdown, Step, Steps};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

state!(Ordered: http 0 Some(500), nats 1 Some(200), kafka 1 Some(200), db 2 None);

#[test]
fn lower_orders_close_first_and_equal_ones_at_the_same_time() {
    let report = closed(Ordered {
        http: Field::Takes(ms(100)),
        nats: Field::Takes(ms(50)),
        kafka: Field::Takes(ms(150)),
        db: Field::Takes(ms(10)),
    });
    assert_eq!(
        lines(&report),
        [
            "http closed 0-100",
            "nats closed 100-150",
            "kafka closed 100-250",
            "db closed 250-260",
        ]
    );
    assert_eq!(report.exit_code, 0);
}

#[test]
fn a_step_that_hangs_is_left_at_its_limit_and_the_next_begins() {
    let report = closed(Ordered {
        http: Field::Hangs,
        nats: Field::Hangs,
        kafka: Field::Takes(ms(20)),
        db: Field::Takes(ms(10)),
    });
    assert_eq!(
        lines(&report),
        [
            "http timed out 0-500",
            "nats timed out 500-700",
            "kafka closed 500-520",
            "db closed 700-710",
        ]
    );
    let http = report.step("http").unwrap();
    assert_eq!(http.progress.as_deref(), Some("2 of 10"));
    assert_eq!(http.limit, Some(ms(500)));
    assert_eq!(report.exit_code, 1);
}

#[test]
fn failures_and_panics_keep_nobody_from_closing() {
    let report = closed(Ordered {
        http: Field::Fails,
        nats: Field::Panics,
        kafka: Field::Takes(ms(20)),
        db: Field::Takes(ms(10)),
    });
    assert_eq!(
        lines(&report),
        [
            "http failed: broken pipe 0-0",
            "nats panicked: code 42 0-0",
            "kafka closed 0-20",
            "db closed 20-30",
        ]
    );
    assert_eq!(report.exit_code, 1);
}

state!(Undeclared: a 0 None, b 1 None, c 2 Some(400));

#[test]
fn fields_without_a_limit_share_what_the_others_leave() {
    let report = closed(Undeclared {
        a: Field::Hangs,
        b: Field::Hangs,
        c: Field::Takes(ms(390)),
    });
    assert_eq!(
        lines(&report),
        [
            "a timed out 0-300",
            "b timed out 300-600",
            "c closed 600-990",
        ]
    );
}

state!(TooLong: a 0 Some(1000), b 1 Some(250));
state!(Greedy: a 0 Some(3_600_000), b 1 Some(500));

#[test]
fn a_total_that_is_too_short_is_shared_in_proportion() {
    let report = closed(TooLong {
        a: Field::Hangs,
        b: Field::Takes(ms(100)),
    });
    assert_eq!(lines(&report), ["a timed out 0-800", "b closed 800-900"]);
}

#[test]
fn who_declares_more_than_there_is_does_not_crowd_out_the_others() {
    let report = closed(Greedy {
        a: Field::Hangs,
        b: Field::Takes(ms(100)),
    });
    assert_eq!(lines(&report), ["a timed out 0-667", "b closed 667-767"]);
}

state!(Last: only 0 None);

#[test]
fn the_total_deadline_has_its_own_exit_code() {
    let report = closed(Last { only: Field::Hangs });
    assert_eq!(lines(&report), ["only timed out 0-1000"]);
    assert!(report.deadline_passed);
    assert_eq!(report.exit_code, 124);
}

struct Outer {
    inner: Ordered,
    db: Field,
}

impl Shutdown for Outer {
    const PLAN: Plan = Plan::new(
        "Outer",
        &[
            Step::new("inner").timeout(ms(900)).plan(Ordered::PLAN),
            Step::new("db").order(1).timeout(ms(100)),
        ],
    );

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.close(self.inner);
        steps.close(self.db);
        steps.run()
    }
}

#[test]
fn nested_steps_have_dotted_names_and_live_within_their_field() {
    let report = closed(Outer {
        inner: Ordered {
            http: Field::Takes(ms(10)),
            nats: Field::Takes(ms(10)),
            kafka: Field::Fails,
            db: Field::Hangs,
        },
        db: Field::Takes(ms(10)),
    });
    assert_eq!(
        lines(&report),
        [
            "inner timed out 0-900",
            "inner.http closed 0-10",
            "inner.nats closed 10-20",
            "inner.kafka failed: broken pipe 10-10",
            "inner.db timed out 20-900",
            "db closed 900-910",
        ]
    );
}

struct Waits(Arc<AtomicBool>);

impl Shutdown for Waits {
    const PLAN: Plan = Plan::new("Waits", &[Step::new("step")]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        struct Flag(Arc<AtomicBool>);
        impl Drop for Flag {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let mut steps = Steps::new(cx, Self::PLAN);
        let dropped = self.0.clone();
        steps.call(Field::Takes(ms(10)), move |field, cx| async move {
            field.close(cx).await?;
            assert!(!dropped.load(Ordering::Relaxed), "dropped too early");
            Ok(())
        });
        steps.keep(Flag(self.0));
        steps.run()
    }
}

#[test]
fn what_is_kept_is_dropped_after_the_last_step() {
    let dropped = Arc::new(AtomicBool::new(false));
    let report = closed(Waits(dropped.clone()));
    assert!(is_closed(&report, "step"));
    assert!(dropped.load(Ordering::Relaxed));
}

struct OneTooMany;

impl Shutdown for OneTooMany {
    const PLAN: Plan = Plan::new("OneTooMany", &[Step::new("a")]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.close(Field::Takes(ms(0)));
        steps.close(Field::Takes(ms(0)));
        steps.run()
    }
}

#[test]
fn a_step_that_the_plan_does_not_know_is_refused() {
    let report = closed(OneTooMany);
    let state = &report.steps[0];
    assert!(
        matches!(&state.outcome, Outcome::Panicked(words) if words == "the plan has 1 steps, and this is one more"),
        "{state:?}"
    );
}

#[test]
fn a_thousand_steps_close_in_order() {
    struct Many;
    impl Shutdown for Many {
        fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
            let fields: Vec<Field> = (0..1000).map(|_| Field::Takes(ms(10))).collect();
            fields.shutdown(cx)
        }
    }
    let report = closed(Many);
    assert_eq!(report.leaves().count(), 1000);
    assert_eq!(report.total, ms(10));
}
