//! Where and how a state is run.

use crate::kit::{failure, ms};
use graceful::testing::{AssertReport as _, Fault, matrix, run};
use graceful::{Handle, Reason, Signal, requested};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: JoinHandle<()>,
    #[shutdown(timeout = "2s", drop)]
    db: (),
}

/// What `main` would call.
async fn start() -> App {
    App {
        http: tokio::spawn(async {
            // A task that looks the lifecycle up when it runs, not when it is spawned.
            requested().await;
            sleep(ms(100)).await;
        }),
        db: (),
    }
}

#[test]
fn the_function_that_main_calls_can_be_run() {
    let report = run(start).report();
    report.assert_clean().assert_order(["http", "db"]);
    assert_eq!(report.total, ms(100));
    assert_eq!(report.reason, Reason::Signal(Signal::Terminate));
    assert_eq!(report.budget, Duration::from_secs(25));
}

#[test]
fn many_runs_beside_each_other_do_not_meet() {
    let runs: Vec<_> = (0..20)
        .map(|_| std::thread::spawn(|| run(start).report().total))
        .collect();
    for run in runs {
        assert_eq!(run.join().unwrap(), ms(100));
    }
}

#[tokio::test]
async fn it_may_be_called_from_an_async_test() {
    run(start).report().assert_clean();
}

#[graceful::test(start_paused = true)]
async fn and_from_one_that_has_a_lifecycle_of_its_own() {
    let began = Instant::now();
    run(start).fault("http", Fault::Hang).report();
    assert!(!Handle::current().is_requested());
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[test]
fn the_reason_is_the_tests() {
    let report = run(start).reason("the licence has expired").report();
    assert_eq!(
        report.reason.to_string(),
        "request: the licence has expired"
    );
    let report = run(start).reason(Signal::Interrupt).report();
    assert_eq!(report.reason.to_string(), "SIGINT");
}

#[test]
fn the_budget_is_the_tests() {
    let report = run(start)
        .budget(Duration::from_secs(4))
        .fault("http", Fault::Hang)
        .report();
    report.assert_closed("db");
    // In proportion: 10 s and 2 s were declared.
    assert_eq!(report.budget, Duration::from_secs(4));
    assert!(report.started("db") < Duration::from_secs(4), "{report}");
}

#[test]
fn a_longer_plan_has_a_longer_budget() {
    #[derive(graceful::Shutdown)]
    struct Long {
        #[shutdown(timeout = "40s")]
        http: JoinHandle<()>,
    }
    let build = async || Long {
        http: tokio::spawn(async {}),
    };
    let report = run(build).fault("http", Fault::Hang).report();
    assert_eq!(report.total, Duration::from_secs(40));
}

#[test]
fn a_critical_task_that_has_ended_is_the_reason() {
    let report = run(async || {
        let task = tokio::spawn(graceful::critical("consumer", async {
            Err::<(), _>("connection lost")
        }));
        sleep(ms(1)).await;
        Some(task)
    })
    .report();
    assert_eq!(
        report.reason.to_string(),
        "critical task `consumer` failed: connection lost"
    );
}

#[derive(graceful::Shutdown)]
struct Dependent {
    #[shutdown(critical, timeout = "1s")]
    consumers: Vec<JoinHandle<()>>,
    #[shutdown(drop)]
    cache: (),
}

#[test]
fn a_critical_field_is_stopped_and_broken_as_any_other() {
    let consumer = || {
        tokio::spawn(async {
            requested().await;
            sleep(ms(10)).await;
        })
    };
    let start = async move || Dependent {
        consumers: vec![consumer(), consumer()],
        cache: (),
    };
    matrix(start).run().assert_holds();
    let report = run(start).fault("consumers.1", Fault::Hang).report();
    let consumers = report.step("consumers").unwrap();
    assert_eq!(consumers.took, Duration::from_secs(1));
}

#[test]
fn a_panic_of_the_start_is_the_tests() {
    let text = failure(|| {
        run(async || -> App { panic!("no database") }).report();
    });
    assert_eq!(text, "no database");
}

#[test]
fn so_is_an_exit_of_the_start() {
    let text = failure(|| run(async || -> App { graceful::exit(3).await }).report());
    assert_eq!(text, "the start called `graceful::exit`, which ended it");
}

#[test]
fn what_is_left_behind_is_dropped_with_the_run() {
    struct Flag(std::sync::mpsc::Sender<()>);
    impl Drop for Flag {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (sender, dropped) = std::sync::mpsc::channel();
    run(async move || {
        let flag = Flag(sender);
        tokio::spawn(async move {
            let _flag = flag;
            std::future::pending::<()>().await;
        });
        Some(tokio::spawn(async {}))
    })
    .report();
    assert_eq!(dropped.try_recv(), Ok(()));
}

#[test]
fn blocking_work_that_nobody_waits_for_does_not_hold_up_the_test() {
    let report = run(async || {
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(90)));
        Some(tokio::spawn(async {}))
    })
    .report();
    report.assert_clean();
}

#[test]
fn an_unknown_step_is_named_with_those_that_there_are() {
    let text = failure(|| run(start).fault("htpp", Fault::Hang).report());
    assert_eq!(
        text,
        "there is no step `htpp`; did you mean `http`? There are: http, db"
    );
    let text = failure(|| run(start).fault("brokers.nats", Fault::Hang).report());
    assert_eq!(text, "there is no step `brokers.nats`. There are: http, db");
    let text = failure(|| {
        run(start)
            .fault("db", Fault::Hang)
            .fault("dbs", Fault::Hang)
            .report()
    });
    assert!(
        text.starts_with("there is no step `dbs`; did you mean `db`?"),
        "{text}"
    );
}

#[derive(graceful::Shutdown)]
struct Waits {
    #[shutdown(timeout = "10s", with = |thread, _| thread)]
    answer: tokio::sync::oneshot::Receiver<()>,
}

/// From a thread that the clock knows nothing of.
fn answered_from_outside_after(time: Duration) -> Waits {
    let (sender, answer) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(time);
        let _ = sender.send(());
    });
    Waits { answer }
}

#[test]
fn what_the_paused_clock_does_not_know_of_is_for_real_time() {
    // No machine stands still for as long, and nobody waits for it.
    let paused = run(async || answered_from_outside_after(ms(60_000))).report();
    paused.assert_timed_out("answer");
    assert!(paused.to_string().contains("use `real_time`"), "{paused}");
    run(async || answered_from_outside_after(ms(100)))
        .real_time()
        .report()
        .assert_closed("answer");
}

#[test]
fn the_paused_clock_waits_for_spawned_blocking_work() {
    #[derive(graceful::Shutdown)]
    struct Blocking {
        #[shutdown(timeout = "50ms", with = |(), _| tokio::task::spawn_blocking(|| std::thread::sleep(ms(100))))]
        file: (),
    }
    run(async || Blocking { file: () }).report().assert_clean();
}

/// A thread behind a channel, which the clock does not know of, and which blocks the thread of all closes.
#[test]
fn a_close_that_blocks_for_ever_is_named_with_its_stop() {
    #[derive(graceful::Shutdown)]
    struct Blocks {
        #[shutdown(timeout = "1s")]
        first: Vec<JoinHandle<()>>,
        #[shutdown(timeout = "1s", with = answered)]
        thread: Channel,
    }
    async fn answered((_sender, answer): Channel, _: graceful::Context) {
        let _ = answer.recv();
    }
    type Channel = (std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>);
    let stop = || {
        let blocks = async || Blocks {
            first: Vec::new(),
            thread: std::sync::mpsc::channel(),
        };
        run(blocks)
            .fault("first", Fault::Fail("away"))
            .patience(ms(500))
            .report()
    };
    let panic = std::panic::catch_unwind(stop).unwrap_err();
    let said = panic.downcast_ref::<String>().unwrap();
    for part in [
        "`first` made faulty: fail",
        "thread",
        "use `real_time`",
        "500ms",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
