//! Rows for the moments beside the closes: faulty, they are found as fields are, and nothing else suffers.

use crate::kit::ms;
use graceful::testing::{AssertReport as _, Fault, matrix, run};
use graceful::{Context, Outcome, Result};
use std::sync::{Arc, Mutex};
use tokio::time::sleep;

type Said = Arc<Mutex<Vec<&'static str>>>;

/// Says its name when it is dropped, or closed.
struct Probe(&'static str, Said);

impl Probe {
    async fn close(&self) {
        sleep(ms(10)).await;
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(last)]
    logs: Probe,
    #[shutdown]
    telemetry: Telemetry,
    #[shutdown(timeout = "2s", method = close)]
    db: Probe,
}

#[derive(graceful::Shutdown)]
struct Telemetry {
    #[shutdown(last, with = flush)]
    spans: Probe,
    #[shutdown(timeout = "1s", drop)]
    reader: Probe,
}

async fn flush(spans: Probe, _cx: Context) -> Result {
    spans.close().await;
    Ok(())
}

fn app(said: &Said) -> App {
    let probe = |name| Probe(name, said.clone());
    App {
        logs: probe("logs"),
        telemetry: Telemetry {
            spans: probe("spans"),
            reader: probe("reader"),
        },
        db: probe("db"),
    }
}

#[test]
fn last_words_come_after_everything_in_the_order_of_the_fields() {
    let said = Said::default();
    let of_run = said.clone();
    let report = run(async move || {
        let terminal = Probe("terminal", of_run.clone());
        graceful::last_word("terminal", async move |_| drop(terminal));
        app(&of_run)
    })
    .report();
    report.assert_clean();
    let leaves: Vec<_> = report.leaves().map(|step| &*step.name).collect();
    let named = [
        "telemetry.reader",
        "db",
        "telemetry.spans",
        "logs",
        "terminal",
    ];
    assert_eq!(leaves, named, "{report}");
    assert_eq!(
        *said.lock().unwrap(),
        ["reader", "db", "spans", "logs", "terminal"]
    );
}

#[test]
fn a_last_word_that_hangs_leaves_the_others_their_time() {
    let said = Said::default();
    let of_run = said.clone();
    let report = run(async move || app(&of_run))
        .fault("telemetry.spans", Fault::Hang)
        .report();
    report
        .assert_timed_out("telemetry.spans")
        .assert_closed("logs");
    // Half of the second that both have.
    let spans = report.step("telemetry.spans").unwrap();
    assert_eq!(spans.limit, Some(ms(500)), "{report}");
    // It is said before that, so it changes no exit code.
    assert_eq!(report.exit_code, 0);
    assert!(!report.is_clean());
}

#[test]
fn last_words_have_their_time_though_a_field_takes_all_of_its_own() {
    let said = Said::default();
    let report = run(async move || app(&said))
        .budget(ms(4000))
        .fault("db", Fault::Hang)
        .report();
    report.assert_timed_out("db").assert_closed("logs");
    report.assert_within(ms(4000));
}

#[test]
fn each_of_them_is_in_the_matrix() {
    let table = matrix(async || app(&Said::default())).run();
    table.assert_holds();
    let table = table.to_string();
    for row in ["logs", "telemetry.spans"] {
        assert!(table.contains(row), "{table}");
    }
}

#[test]
fn in_an_arc_they_are_found_when_that_is_closed() {
    #[derive(Clone, graceful::Shutdown)]
    struct Shared {
        #[shutdown(timeout = "1s", drop)]
        db: Arc<Probe>,
        #[shutdown(last)]
        logs: Arc<Probe>,
    }
    let said = Said::default();
    let of_run = said.clone();
    let report = run(async move || {
        let probe = |name| Arc::new(Probe(name, of_run.clone()));
        Arc::new(Shared {
            db: probe("db"),
            logs: probe("logs"),
        })
    })
    .report();
    report.assert_clean();
    assert_eq!(
        report.step("logs").unwrap().outcome,
        Outcome::Closed,
        "{report}"
    );
    assert_eq!(*said.lock().unwrap(), ["db", "logs"]);
}

#[derive(graceful::Shutdown)]
struct Brokers {
    #[shutdown(timeout = "1s", at_request = Probe::close, drop)]
    registry: Probe,
}

#[derive(graceful::Shutdown)]
struct Service {
    #[shutdown(timeout = "1s", method = close)]
    http: Probe,
    #[shutdown]
    brokers: Brokers,
}

fn service(said: &Said) -> Service {
    let probe = |name| Probe(name, said.clone());
    Service {
        http: probe("http"),
        brokers: Brokers {
            registry: probe("registry"),
        },
    }
}

#[test]
fn what_is_done_at_the_request_comes_before_every_close() {
    let said = Said::default();
    let report = run(async move || service(&said)).report();
    report
        .assert_clean()
        .assert_order(["brokers.registry.at_request", "http", "brokers.registry"]);
    assert_eq!(report.steps[0].name, "brokers.registry.at_request");
}

#[test]
fn what_hangs_at_the_request_has_two_seconds_and_its_field_is_closed() {
    let said = Said::default();
    let report = run(async move || service(&said))
        .fault("brokers.registry.at_request", Fault::Hang)
        .report();
    report
        .assert_timed_out("brokers.registry.at_request")
        .assert_closed("brokers.registry");
    assert_eq!(report.started("http"), ms(2000));
}

#[test]
fn what_the_closes_declare_is_not_taken_by_what_hangs_at_the_request() {
    let said = Said::default();
    let report = run(async move || service(&said))
        .budget(ms(2500))
        .fault("brokers.registry.at_request", Fault::Hang)
        .report();
    assert_eq!(report.started("http"), ms(500), "{report}");
    report.assert_closed("http").assert_within(ms(2500));
}

#[test]
fn it_is_in_the_matrix_and_its_field_is_excused_where_it_blocks() {
    let table = matrix(async || service(&Said::default())).run();
    table.assert_holds();
    let table = table.to_string();
    assert!(table.contains("brokers.registry.at_request"), "{table}");
}

/// A value that is closed by hand takes its own apart only then.
#[test]
fn what_is_known_too_late_is_done_right_before_its_close() {
    struct ByHand(Service);

    impl graceful::Shutdown for ByHand {
        async fn shutdown(self, cx: Context) -> Result {
            self.0.shutdown(cx).await
        }
    }
    let said = Said::default();
    let report = run(async move || ByHand(service(&said))).report();
    let leaves: Vec<_> = report.leaves().map(|step| &*step.name).collect();
    assert_eq!(leaves.len(), 3, "{report}");
    assert!(
        leaves[0].ends_with("brokers.registry.at_request"),
        "{report}"
    );
    report.assert_clean();
}

#[derive(graceful::Shutdown)]
struct Server {
    #[shutdown(timeout = "8s", method = close, force = stop)]
    grpc: Probe,
    #[shutdown(timeout = "1s", method = close)]
    db: Probe,
}

impl Probe {
    async fn stop(self) {
        sleep(ms(10)).await;
        self.1.lock().unwrap().push("forced");
    }
}

fn server(said: &Said) -> Server {
    Server {
        grpc: Probe("grpc", said.clone()),
        db: Probe("db", said.clone()),
    }
}

#[test]
fn what_hangs_is_forced_in_the_last_second_of_its_limit() {
    let said = Said::default();
    let of_run = said.clone();
    let report = run(async move || server(&of_run))
        .fault("grpc", Fault::Hang)
        .report();
    report.assert_forced("grpc").assert_closed("db");
    assert_eq!(report.ended("grpc"), ms(7010), "{report}");
    assert!(!report.is_clean());
    assert_eq!(*said.lock().unwrap(), ["forced", "grpc", "db"]);
}

#[test]
fn what_panics_or_fails_is_not_forced() {
    for fault in [Fault::Panic("on fire"), Fault::Fail("connection lost")] {
        let said = Said::default();
        let of_run = said.clone();
        let report = run(async move || server(&of_run))
            .fault("grpc", fault)
            .report();
        report.assert_closed("db");
        assert_eq!(*said.lock().unwrap(), ["grpc", "db"], "{report}");
    }
}

#[test]
fn it_is_in_the_matrix_and_forced_where_it_hangs() {
    matrix(async || server(&Said::default()))
        .run()
        .assert_holds();
}
