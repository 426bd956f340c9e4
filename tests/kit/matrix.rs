//! The matrix of a good state holds, and of one with a mistake it finds the mistake.

use crate::kit::{failure, ms};
use graceful::testing::{Fault, Table, matrix};
use graceful::{Context, Result, Shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

fn findings(table: &Table) -> Vec<String> {
    table.findings().collect()
}

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "20s")]
struct App {
    #[shutdown(timeout = "10s")]
    http: JoinHandle<()>,
    #[shutdown]
    brokers: Brokers,
    #[shutdown(timeout = "2s", drop)]
    db: (),
    #[shutdown(timeout = "1s")]
    cache: Option<JoinHandle<()>>,
}

#[derive(graceful::Shutdown)]
struct Brokers {
    #[shutdown(order = 0, timeout = "3s")]
    nats: JoinHandle<()>,
    #[shutdown(order = 0, timeout = "5s")]
    kafka: JoinHandle<()>,
}

async fn app() -> App {
    let takes = |time| tokio::spawn(sleep(ms(time)));
    App {
        http: takes(500),
        brokers: Brokers {
            nats: takes(600),
            kafka: takes(700),
        },
        db: (),
        cache: None,
    }
}

#[test]
fn a_good_state_holds_in_each_stop() {
    let built = Arc::new(AtomicUsize::new(0));
    let counted = built.clone();
    let began = Instant::now();
    let table = matrix(async move || {
        counted.fetch_add(1, Ordering::Relaxed);
        app().await
    })
    .run();
    println!("five steps, four faults: {:.1?}", began.elapsed());
    table.assert_holds();
    // Five steps, four faults, and one stop without any.
    assert_eq!(built.load(Ordering::Relaxed), 5 * 4 + 1);
    let text = table.to_string();
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["hang", "panic", "fail", "block", "50s"]);
    assert_eq!(lines[1], ["(no", "fault)", "ok", "0.700", "s"]);
    assert_eq!(lines[2][..4], ["http", "ok", "10.000", "s"]);
    assert_eq!(lines[4][..4], ["brokers.kafka", "ok", "5.500", "s"]);
    assert_eq!(lines.len(), 7);
    let hung = table.report("http", Fault::Hang).unwrap();
    assert_eq!(hung.total, Duration::from_secs(10));
}

#[test]
fn other_faults_may_be_chosen() {
    let faults = [Fault::Slow(ms(400)), Fault::Slow(ms(4000))];
    let table = matrix(app).faults(faults).run();
    table.assert_holds();
    assert!(table.report("http", Fault::Hang).is_none());
    let slow = |step| table.report(step, faults[1]).unwrap();
    assert!(slow("http").is_clean());
    assert!(!slow("brokers.nats").is_clean());
}

/// Workers that wait for a queue which a blocked server holds.
#[derive(graceful::Shutdown)]
struct Queue {
    #[shutdown(timeout = "10s", with = |queue, _| async move { drop(queue) })]
    http: mpsc::Sender<u8>,
    #[shutdown(timeout = "5s")]
    workers: JoinHandle<()>,
    #[shutdown(timeout = "2s", drop)]
    db: (),
}

async fn queue() -> Queue {
    let (http, mut orders) = mpsc::channel(1);
    let workers = tokio::spawn(async move { while orders.recv().await.is_some() {} });
    Queue {
        http,
        workers,
        db: (),
    }
}

#[test]
fn a_field_that_hangs_when_another_is_not_closed_is_found() {
    let table = matrix(queue).run();
    // A hang lets go of the queue at its limit; a blocked thread does not.
    assert_eq!(
        findings(&table),
        ["http block 50s: `workers` is not closed: timed out"]
    );
    let text = failure(|| table.assert_holds());
    let row = text.lines().find(|line| line.starts_with("http ")).unwrap();
    assert!(row.ends_with("FAILED 15.000 s"), "{text}");
    assert!(
        text.contains("\nhttp block 50s:\n- `workers` is not closed"),
        "{text}"
    );
    assert!(text.contains("\nstopped after SIGTERM in 15.0 s"), "{text}");
}

#[test]
fn unless_that_is_as_it_should_be() {
    matrix(queue)
        .depends("workers", "http")
        .run()
        .assert_holds();
    let text = failure(|| matrix(queue).depends("worker", "http").run());
    assert!(text.contains("did you mean `workers`?"), "{text}");
}

#[test]
fn a_state_that_does_not_close_by_itself_is_found() {
    #[derive(graceful::Shutdown)]
    struct Fails {
        #[shutdown(timeout = "1s")]
        task: JoinHandle<Result<(), &'static str>>,
        #[shutdown(timeout = "1s", drop)]
        db: (),
    }
    let table = matrix(async || Fails {
        task: tokio::spawn(async { Err("lost the lease") }),
        db: (),
    })
    .run();
    let found = findings(&table);
    let expected = "without a fault: `task` is not closed: failed: lost the lease";
    assert_eq!(found[0], expected);
    // And whenever another step has the fault.
    assert_eq!(found.len(), 1 + 4);
}

#[test]
fn a_state_that_is_not_built_twice_alike_is_found() {
    let built = AtomicUsize::new(0);
    let table = matrix(async move || {
        if built.fetch_add(1, Ordering::Relaxed) < 2 {
            graceful::defer("lease", |_| async {});
        }
        Some(tokio::spawn(async {}))
    })
    .faults([Fault::Hang])
    .run();
    assert_eq!(
        findings(&table),
        ["lease hang: `lease` was not there to be closed"]
    );
}

#[test]
fn a_budget_that_is_too_short_for_the_plan_is_found() {
    let table = matrix(queue).budget(Duration::from_millis(8500)).run();
    let found = findings(&table);
    let expected = "http hang: `http` had 4.661s of the 10s that it declares";
    assert!(
        found.iter().any(|finding| finding == expected),
        "{found:#?}"
    );
    // Beside that and the workers, nothing is wrong: the deadline holds.
    let had = found.iter().filter(|finding| finding.contains("` had "));
    assert_eq!(had.count() + 1, found.len(), "{found:#?}");
}

/// Closes its own steps, and says nothing of their faults.
struct Swallows {
    nats: JoinHandle<()>,
}

impl Shutdown for Swallows {
    const PLAN: graceful::Plan = graceful::Plan::new(
        "Swallows",
        &[graceful::Step::new("nats").timeout(Duration::from_secs(1))],
    );

    async fn shutdown(self, cx: Context) -> Result {
        let mut steps = graceful::Steps::new(cx, Self::PLAN);
        steps.close(self.nats);
        drop(steps.run().await);
        Ok(())
    }
}

#[test]
fn a_close_that_swallows_what_became_of_its_steps_is_found() {
    #[derive(graceful::Shutdown)]
    struct Brokers {
        #[shutdown]
        first: Swallows,
    }
    let table = matrix(async || Brokers {
        first: Swallows {
            nats: tokio::spawn(async {}),
        },
    })
    .faults([Fault::Hang, Fault::Fail("gone")])
    .run();
    assert_eq!(
        findings(&table),
        [
            "first.nats hang: `first` says that it is closed, and its own `first.nats` is not",
            "first.nats fail: `first` says that it is closed, and its own `first.nats` is not",
        ]
    );
}

/// Its plan promises an order that its close does not keep.
struct AtOnce {
    http: JoinHandle<()>,
    db: JoinHandle<()>,
}

impl Shutdown for AtOnce {
    const PLAN: graceful::Plan = graceful::Plan::new(
        "AtOnce",
        &[
            graceful::Step::new("http"),
            graceful::Step::new("db").order(1),
        ],
    );

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        const OTHER: graceful::Plan = graceful::Plan::new(
            "AtOnce",
            &[graceful::Step::new("http"), graceful::Step::new("db")],
        );
        let mut steps = graceful::Steps::new(cx, OTHER);
        steps.close(self.http);
        steps.close(self.db);
        steps.run()
    }
}

#[test]
fn an_order_that_is_not_kept_is_found() {
    let takes = |time| tokio::spawn(sleep(ms(time)));
    let table = matrix(async move || AtOnce {
        http: takes(100),
        db: takes(100),
    })
    .faults([])
    .run();
    let expected = "without a fault: `db` began after 0.000ns, and `http` ended after 100.000ms";
    assert_eq!(findings(&table), [expected]);
    // In the items of a collection too.
    let table = matrix(async move || {
        vec![AtOnce {
            http: takes(100),
            db: takes(100),
        }]
    })
    .faults([])
    .run();
    let expected = expected
        .replace("`db`", "`0.db`")
        .replace("`http`", "`0.http`");
    assert_eq!(findings(&table), [expected]);
}

/// One waits for others by name, one for nobody.
struct Edges {
    http: JoinHandle<()>,
    audit: JoinHandle<()>,
    db: JoinHandle<()>,
}

impl Edges {
    fn closed_by(self, cx: Context, plan: graceful::Plan) -> graceful::Closing {
        let mut steps = graceful::Steps::new(cx, plan);
        steps.close(self.http);
        steps.close(self.audit);
        steps.close(self.db);
        steps.run()
    }

    fn new() -> Self {
        let takes = |time| tokio::spawn(sleep(ms(time)));
        Self {
            http: takes(300),
            audit: takes(100),
            db: takes(100),
        }
    }
}

impl Shutdown for Edges {
    const PLAN: graceful::Plan = graceful::Plan::new(
        "Edges",
        &[
            graceful::Step::new("http"),
            graceful::Step::new("audit"),
            graceful::Step::new("db").after(&["audit"]),
        ],
    );

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.closed_by(cx, Self::PLAN)
    }
}

struct AgainstItsEdges(Edges);

impl Shutdown for AgainstItsEdges {
    const PLAN: graceful::Plan = Edges::PLAN;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        const OTHER: graceful::Plan = graceful::Plan::new(
            "Edges",
            &[
                graceful::Step::new("http"),
                graceful::Step::new("audit"),
                graceful::Step::new("db"),
            ],
        );
        self.0.closed_by(cx, OTHER)
    }
}

#[test]
fn steps_that_wait_by_name_do_so_with_each_fault() {
    let table = matrix(async || Edges::new()).run();
    table.assert_holds();
    let table = matrix(async || AgainstItsEdges(Edges::new()))
        .faults([])
        .run();
    let found = findings(&table);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("`db` began after 0.000ns, and `audit`"),
        "{found:?}"
    );
}

#[derive(graceful::Shutdown)]
enum Role {
    Leader {
        #[shutdown(timeout = "1s")]
        lease: JoinHandle<()>,
        #[shutdown(timeout = "1s")]
        log: JoinHandle<()>,
    },
    #[expect(
        dead_code,
        reason = "its plan is looked at, and must not be taken for the other's"
    )]
    Follower {
        #[shutdown(timeout = "1s")]
        log: JoinHandle<()>,
    },
}

#[test]
fn collections_variants_and_what_was_deferred_are_in_it() {
    let table = matrix(async || {
        graceful::defer("lock", |_| async {});
        let takes = |time| tokio::spawn(sleep(ms(time)));
        vec![
            Role::Leader {
                lease: takes(10),
                log: takes(10),
            },
            Role::Leader {
                lease: takes(20),
                log: takes(10),
            },
        ]
    })
    .run();
    table.assert_holds();
    for step in ["0.lease", "0.log", "1.lease", "1.log", "lock"] {
        assert!(table.report(step, Fault::Hang).is_some(), "{table}");
    }
}

/// The plan of the first one could be the plan of the second, but for its order.
#[derive(graceful::Shutdown)]
enum Turned {
    #[expect(dead_code, reason = "its plan must not be taken for the other's")]
    Small {
        #[shutdown(timeout = "1s")]
        first: JoinHandle<()>,
        #[shutdown(timeout = "1s")]
        second: JoinHandle<()>,
    },
    Large {
        #[shutdown(timeout = "1s")]
        second: JoinHandle<()>,
        #[shutdown(timeout = "1s")]
        first: JoinHandle<()>,
        #[shutdown(timeout = "1s")]
        third: JoinHandle<()>,
    },
}

#[test]
fn the_order_is_that_of_the_variant_that_is_closed() {
    let table = matrix(async || {
        let takes = |time| tokio::spawn(sleep(ms(time)));
        Turned::Large {
            second: takes(100),
            first: takes(200),
            third: takes(300),
        }
    })
    .run();
    table.assert_holds();
}

/// On real threads, in which a block is one.
#[test]
fn the_same_in_real_time() {
    #[derive(graceful::Shutdown)]
    struct Small {
        #[shutdown(timeout = "300ms")]
        http: JoinHandle<()>,
        #[shutdown(timeout = "1s", with = |(), _| async { std::thread::sleep(ms(10)) })]
        db: (),
    }
    let table = matrix(async || Small {
        http: tokio::spawn(graceful::requested()),
        db: (),
    })
    .budget(Duration::from_secs(3))
    .faults([Fault::Hang, Fault::Block(Duration::from_secs(9))])
    .real_time()
    .run();
    println!("{table}");
    table.assert_holds();
}

/// Which of its many calls it was.
#[test]
#[should_panic = "the start panicked in the stop with `db` made faulty: panic: no port is free"]
fn a_start_that_panics_is_named_with_its_stop() {
    #[derive(graceful::Shutdown)]
    struct Db {
        #[shutdown(timeout = "1s", drop)]
        db: String,
    }
    let starts = AtomicUsize::new(0);
    let start = async move || {
        let before = starts.fetch_add(1, Ordering::Relaxed);
        assert!(before < 2, "no port is free");
        Db { db: String::new() }
    };
    drop(matrix(start).run());
}
