//! What an assertion says where it does not hold.

use crate::kit::{failure, ms};
use graceful::Report;
use graceful::testing::{AssertReport as _, Fault, run};
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "500ms")]
    http: JoinHandle<()>,
    #[shutdown(timeout = "500ms")]
    nats: JoinHandle<()>,
    #[shutdown(order = 1, timeout = "500ms")]
    kafka: JoinHandle<()>,
    #[shutdown(timeout = "500ms")]
    cache: Option<JoinHandle<()>>,
}

fn report() -> Arc<Report> {
    let takes = |time| tokio::spawn(sleep(ms(time)));
    run(async move || App {
        http: takes(100),
        nats: takes(200),
        kafka: takes(300),
        cache: None,
    })
    .fault("nats", Fault::Fail("connection reset"))
    .fault("kafka", Fault::Panic("out of luck"))
    .report()
}

#[test]
fn what_holds_passes() {
    let report = report();
    report
        .assert_closed("http")
        .assert_failed("nats", "reset")
        .assert_panicked("kafka", "out of luck")
        .assert_skipped("cache")
        .assert_order(["http", "nats", "cache"])
        .assert_together(["nats", "kafka"])
        .assert_within(ms(100));
    assert_eq!(report.started("nats"), ms(100));
    assert_eq!(report.ended("http"), ms(100));
    let hung = run(|| std::future::ready(tokio::spawn(async {})));
    let name = "JoinHandle";
    hung.fault(name, Fault::Hang)
        .report()
        .assert_timed_out(name);
}

/// Each with the reason first, and the whole timeline behind it.
#[test]
fn what_does_not_hold_shows_the_timeline() {
    let report = report();
    let timeline = report.to_string();
    let says = |words: &str, failure: String| {
        assert!(failure.starts_with(words), "{failure}");
        assert!(failure.ends_with(&timeline), "{failure}");
    };
    says("not clean\n", failure(|| report.assert_clean().exit_code));
    says(
        "`nats` is not closed: failed: connection reset\n",
        failure(|| report.assert_closed("nats").exit_code),
    );
    says(
        "`http` is not timed out: closed\n",
        failure(|| report.assert_timed_out("http").exit_code),
    );
    says(
        "`http` is not not started: closed\n",
        failure(|| report.assert_not_started("http").exit_code),
    );
    says(
        "`http` is not nothing to close: closed\n",
        failure(|| report.assert_skipped("http").exit_code),
    );
    says(
        "`nats` did not fail with \"disk full\": failed: connection reset\n",
        failure(|| report.assert_failed("nats", "disk full").exit_code),
    );
    says(
        "`nats` did not panic with \"reset\": failed: connection reset\n",
        failure(|| report.assert_panicked("nats", "reset").exit_code),
    );
    says(
        "`http` began after 0ns, before `kafka` had ended after 100ms\n",
        failure(|| report.assert_order(["kafka", "http"]).exit_code),
    );
    says(
        "`nats` began after 100ms, and `http` after 0ns\n",
        failure(|| report.assert_together(["http", "nats"]).exit_code),
    );
    says(
        "it took 100ms, longer than 99ms\n",
        failure(|| report.assert_within(ms(99)).exit_code),
    );
    says(
        "there is no step `cash`; did you mean `cache`? There are: http, nats, kafka, cache\n",
        failure(|| report.started("cash")),
    );
}

#[test]
fn a_step_that_never_began_has_no_times() {
    let report = run(async || {
        graceful::defer("lease", |_| async {});
        Some(tokio::spawn(async {}))
    })
    .budget(ms(0))
    .report();
    report.assert_not_started("lease");
    let text = failure(|| report.started("lease"));
    assert!(text.starts_with("`lease` never began\n"), "{text}");
}
