//! A service inside a host that owns the signals and the runtime. Threads and real time, so
//! nothing here asks how long something takes.

use super::{Field, is_closed, life, lines, ms, state};
use crate::{
    Builder, Context, Embedded, Handle, Outcome, Phase, Plan, Result, Shutdown, Steps, defer,
    manage, request, requested,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

// In real time, so both limits are long.
state!(Service: worker 0 Some(20_000), db 1 Some(20_000));

fn service() -> Service {
    Service {
        worker: Field::Takes(ms(1)),
        db: Field::Takes(ms(1)),
    }
}

#[tokio::test]
async fn the_same_state_is_closed_by_one_call() {
    let embedded = Embedded::new();
    assert_eq!(embedded.handle().phase(), Phase::Starting);
    embedded.run(service());
    assert_eq!(embedded.handle().phase(), Phase::Running);
    let report = embedded.stop(LONG).await;
    assert!(report.is_clean(), "{report}");
    assert!(is_closed(&report, "worker") && is_closed(&report, "db"));
    assert_eq!(embedded.handle().phase(), Phase::Stopped);
}

#[tokio::test]
async fn callers_at_the_same_time_and_later_get_the_same_report() {
    let embedded = Embedded::new();
    embedded.run(service());
    let (first, second) = tokio::join!(embedded.stop(LONG), embedded.stop(ms(1)));
    assert!(Arc::ptr_eq(&first, &second));
    let third = embedded.stop(LONG).await;
    assert!(Arc::ptr_eq(&first, &third));
    assert_eq!(third.budget, LONG);
}

#[tokio::test]
async fn a_caller_that_goes_away_stops_nothing() {
    let embedded = Embedded::new();
    embedded.run(service());
    let impatient = tokio::time::timeout(Duration::ZERO, embedded.stop(LONG));
    assert!(impatient.await.is_err());
    assert!(embedded.stop(LONG).await.is_clean());
}

#[tokio::test]
async fn limits_hold_though_a_close_blocks() {
    struct Blocks;
    impl Shutdown for Blocks {
        const PLAN: Plan = Plan::LEAF;
        async fn shutdown(self, _cx: Context) -> Result {
            std::thread::sleep(LONG);
            Ok(())
        }
    }
    let embedded = Embedded::new();
    let handle = embedded.handle();
    handle.defer("last", |_| async {});
    handle
        .defer("blocks", |cx| Blocks.shutdown(cx))
        .timeout(ms(50));
    let report = embedded.stop(LONG).await;
    let blocked = report.step("blocks").unwrap();
    assert!(matches!(blocked.outcome, Outcome::TimedOut), "{report}");
    assert!(is_closed(&report, "last"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_live_beside_each_other() {
    let services: Vec<Embedded> = (0..50).map(|_| Embedded::new()).collect();
    for embedded in &services {
        let stop = embedded.handle().requested();
        embedded.run(tokio::spawn(stop));
    }
    // The first one's stop is not the others'.
    assert!(services[0].stop(LONG).await.is_clean());
    for embedded in &services[1..] {
        assert!(!embedded.handle().is_requested());
        assert!(embedded.stop(LONG).await.is_clean());
    }
}

#[tokio::test]
async fn a_close_finds_its_own_life() {
    let _another = Embedded::new();
    let embedded = Embedded::new();
    embedded.handle().defer("outer", |_| async {
        requested().await;
        defer("inner", |_| async {});
    });
    let report = embedded.stop(LONG).await;
    assert!(is_closed(&report, "inner"), "{report}");
}

/// What is said on this thread.
struct Heard(Arc<Mutex<String>>);

impl tracing::Subscriber for Heard {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(
            &mut |_: &tracing::field::Field, value: &dyn std::fmt::Debug| {
                let mut heard = self.0.lock().unwrap();
                *heard = format!("{heard}{value:?} ");
            },
        );
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn dropped_with_something_to_close_it_warns() {
    let heard = Arc::new(Mutex::new(String::new()));
    tracing::subscriber::with_default(Heard(heard.clone()), || {
        drop(Embedded::new());
        assert_eq!(*heard.lock().unwrap(), "");
        let embedded = Embedded::new();
        embedded.handle().defer("db", |_| async {});
        drop(embedded);
    });
    let heard = heard.lock().unwrap();
    assert!(heard.contains("dropped without `stop`"), "{heard}");
}

#[tokio::test]
async fn dropped_it_lets_go_of_what_it_was_handed() {
    #[allow(dead_code, reason = "what it holds makes a cycle, and is counted")]
    struct Held(Handle, Arc<()>);
    impl Shutdown for Held {
        const PLAN: Plan = Plan::LEAF;
        async fn shutdown(self, _cx: Context) -> Result {
            Ok(())
        }
    }
    let embedded = Embedded::new();
    let (handle, held) = (embedded.handle(), Arc::new(()));
    embedded.run(Held(handle.clone(), held.clone()));
    drop(embedded);
    assert_eq!(Arc::strong_count(&held), 1);
    // Whoever waits is let go, and what comes too late is not kept either.
    handle.requested().await;
    handle.manage(Held(handle.clone(), held.clone()));
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test]
async fn dropped_in_the_middle_it_closes_to_the_end() {
    let (go_on, waits) = tokio::sync::oneshot::channel::<()>();
    let (closed, is_closed) = tokio::sync::oneshot::channel();
    let embedded = Embedded::new();
    embedded.handle().defer("slow", |_| async {
        let _ = waits.await;
        let _ = closed.send(());
    });
    let impatient = tokio::time::timeout(ms(1), embedded.stop(LONG)).await;
    assert!(impatient.is_err());
    drop(embedded);
    go_on.send(()).expect("it is in the middle");
    is_closed.await.unwrap();
}

/// A task whose close has not even begun would be detached, and go on in the host.
#[tokio::test]
async fn a_close_is_begun_though_the_host_gives_it_no_time() {
    let (held, dropped) = tokio::sync::oneshot::channel::<()>();
    let embedded = Embedded::new();
    embedded.run(tokio::spawn(async move {
        let _held = held;
        std::future::pending::<()>().await;
    }));
    let report = embedded.stop(Duration::ZERO).await;
    assert!(
        matches!(report.steps[0].outcome, Outcome::TimedOut),
        "{report}"
    );
    assert!(dropped.await.is_err());
}

#[tokio::test]
async fn the_host_hears_what_the_service_wants() {
    let embedded = Embedded::new();
    let (first, second) = (embedded.wanted(), embedded.wanted());
    let second = tokio::spawn(second);
    let task = embedded
        .handle()
        .critical("consumer", async { Err::<(), _>("lost") });
    embedded.run(tokio::spawn(task));
    let reason = first.await;
    assert_eq!(reason.to_string(), "critical task `consumer` failed: lost");
    assert_eq!(second.await.unwrap(), reason);
    let report = embedded.stop(LONG).await;
    assert_eq!((&report.reason, report.exit_code), (&reason, 1));
    assert_eq!(embedded.wanted().await, reason);
}

/// As after a `request`: a part of a service that has failed is not waited for by the others until the host comes to it.
#[tokio::test]
async fn a_critical_tasks_end_is_heard_by_the_services_own_code_at_once() {
    let embedded = Embedded::new();
    let handle = embedded.handle();
    let task = handle.critical("consumer", async { Err::<(), _>("lost") });
    let beside = tokio::spawn(handle.requested());
    tokio::spawn(task);
    let reason = embedded.wanted().await;
    assert!(handle.is_requested());
    assert_eq!(handle.reason(), Some(&reason));
    tokio::time::timeout(LONG, beside).await.unwrap().unwrap();
    assert_eq!(embedded.stop(LONG).await.exit_code, 1);
}

/// What a library keeps for its users, who hand it to their own state.
#[test]
fn it_is_a_field_of_its_hosts_state() {
    state!(Inner: queue 0 Some(100), db 1 Some(100));
    let inner = Inner {
        queue: Field::Takes(ms(30)),
        db: Field::Takes(ms(10)),
    };
    let (handle, report) = life(async {
        let service = Embedded::new();
        let handle = service.handle();
        service.run(inner);
        defer("first", |_| tokio::time::sleep(ms(5)));
        manage(service);
        request("over");
        handle
    });
    assert_eq!(
        handle.reason().map(ToString::to_string),
        Some("request: over".into())
    );
    assert_eq!(
        lines(&report),
        ["Embedded closed 0-40", "first closed 40-45"]
    );
}

#[test]
fn its_budget_is_what_its_step_has() {
    state!(Inner: queue 0 None, db 1 Some(100));
    let inner = Inner {
        queue: Field::Hangs,
        db: Field::Fails,
    };
    let ((), report) = life(async {
        let service = Embedded::new();
        service.run(inner);
        defer("last", |_| async {}).timeout(ms(200));
        manage(service);
    });
    let text = report.step("Embedded").unwrap().outcome.to_string();
    assert_eq!(text, "failed: `queue` timed out, `db` failed: broken pipe");
    assert!(is_closed(&report, "last"), "{report}");
    assert!(report.total < ms(800), "{report}");
}

/// A step of a program's runs on a thread, and not in paused time.
#[test]
fn it_nests_in_a_program_too() {
    let service = Embedded::new();
    let handle = service.handle();
    Builder::current_thread().signals([]).run(async move {
        handle.defer("inner", |_| async { tokio::time::sleep(ms(1)).await });
        manage(service);
    });
}

#[cfg(feature = "test-util")]
#[test]
fn it_nests_in_the_test_kits_paused_time() {
    let report = crate::testing::run(async || {
        let service = Embedded::new();
        service.run(Service {
            worker: Field::Takes(ms(20)),
            db: Field::Takes(Duration::from_secs(5)),
        });
        service
    })
    .report();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.total, ms(5020));
}

#[tokio::test]
async fn a_report_is_a_result_that_shows_it() {
    let service = Embedded::new();
    service.run(Service {
        worker: Field::Fails,
        db: Field::Takes(ms(1)),
    });
    let report = service.stop(LONG).await;
    let error = report.clone().into_result().unwrap_err();
    assert_eq!(error.to_string(), report.to_string());
    assert_eq!(format!("{error:?}"), report.to_string());
    assert_eq!(error.report(), &*report);
}

/// A hook that looks at its own lifecycle holds what would hold it.
#[tokio::test]
async fn a_hook_that_nobody_will_call_is_dropped() {
    let register = |embedded: &Embedded| {
        let (handle, held) = (embedded.handle(), Arc::new(()));
        let holds = (held.clone(), embedded.handle());
        handle.on_report(move |_| drop(holds));
        held
    };
    let never_stopped = Embedded::new();
    let held = register(&never_stopped);
    drop(never_stopped);
    assert_eq!(Arc::strong_count(&held), 1);

    let stopped = Embedded::new();
    let (told, given) = tokio::sync::oneshot::channel();
    stopped.handle().on_report(|_| {
        let _ = told.send(());
    });
    stopped.stop(LONG).await;
    given.await.expect("it is given the report");
    let held = register(&stopped);
    assert_eq!(Arc::strong_count(&held), 1);
}
