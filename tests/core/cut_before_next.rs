//! What has overrun its limit is dropped before the next step begins: a transaction is rolled back, a
//! connection is back in its pool, before the pool is closed.

use crate::life::{Behind, Gone, Held, stop};
use crate::ms;
use axum::Router;
use axum::routing::get;
use graceful::testing::{AssertReport as _, run};
use graceful::{Handle, Outcome, Report, Shutdown, StepReport, Tracker, http};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

on_each_flavor!(
    a_task,
    a_task_that_is_aborted,
    every_task_of_a_list,
    every_task_of_a_set,
    every_task_of_a_tracker,
    what_a_close_was_given,
    what_a_nested_close_was_given,
    a_request,
    what_the_last_step_held_is_gone_when_the_stop_is_over,
    what_a_drop_spawns_has_its_turn_before_the_next_step,
    what_a_drop_aborts_has_its_turn_before_the_next_step,
    what_a_close_that_is_forced_was_given,
    what_a_force_that_hangs_was_given,
    what_a_forced_close_was_given_is_gone_behind_the_limit_of_the_whole,
    a_drop_that_blocks_holds_up_the_next_step_only_for_a_moment,
    a_request_within_a_transaction_leaves_no_log_behind_the_database,
);

/// Long enough for what is cut to have begun.
const PLENTY: Duration = Duration::from_secs(40);

/// How often each is cut: it goes well now and then.
const ROUNDS: usize = 3;

/// Something that never ends by itself, and behind it what must not begin before it is dropped.
#[derive(graceful::Shutdown)]
struct Ordered<T: Shutdown> {
    #[shutdown(timeout = "60ms")]
    hangs: T,
    #[shutdown(timeout = "2s")]
    db: Behind,
}

async fn hang(held: Held) {
    let _held = held;
    pending::<()>().await;
}

/// Builds what holds `count` values with `hanging`, and sees whether they are gone when the next begins.
fn is_cut_before_the_next<T: Shutdown>(
    flavor: &str,
    count: usize,
    hanging: &impl AsyncFn(&[Gone], Handle) -> T,
) {
    in_each_round(|| {
        stop(flavor, PLENTY, async |handle| {
            let db = Behind((0..count).map(|_| Gone::default()).collect());
            let hangs = hanging(&db.0, handle).await;
            Ordered { hangs, db }
        })
    });
}

/// The next step waits for 50 ms, in which a thread of a busy machine may not have had a turn: not twice in a row.
fn in_each_round(cut: impl Fn() -> Arc<Report>) {
    for _ in 0..ROUNDS {
        let mut report = cut();
        let has_failed = |step: &StepReport| matches!(step.outcome, Outcome::Failed(_));
        if report.steps.iter().any(has_failed) {
            report = cut();
        }
        assert_cut(&report);
    }
}

#[track_caller]
fn assert_cut(report: &Report) {
    report.assert_closed("db");
    assert!(!report.is_clean(), "nothing was cut\n{report}");
    let waited = report.started("db");
    assert!(waited >= ms(60), "cut too early: {waited:?}\n{report}");
    assert!(waited < ms(8000), "the next is late: {waited:?}\n{report}");
}

fn a_task(flavor: &str) {
    is_cut_before_the_next(flavor, 1, &async |gone, _| {
        Some(tokio::spawn(hang(gone[0].held())))
    });
}

/// Its close is the abort, and takes no time.
fn a_task_that_is_aborted(flavor: &str) {
    let is_gone = || {
        let report = stop(flavor, PLENTY, async |_| {
            let gone = Gone::default();
            Ordered {
                hangs: tokio::spawn(hang_slowly(Slow(gone.clone()))).abort_handle(),
                db: Behind(vec![gone]),
            }
        });
        !matches!(report.step("db").unwrap().outcome, Outcome::Failed(_))
    };
    assert!(is_gone() || is_gone(), "the task is not gone");
}

async fn hang_slowly(held: Slow) {
    let _held = held;
    pending::<()>().await;
}

fn every_task_of_a_list(flavor: &str) {
    is_cut_before_the_next(flavor, 3, &async |gone, _| {
        let spawn = |gone: &Gone| tokio::spawn(hang(gone.held()));
        gone.iter().map(spawn).collect::<Vec<JoinHandle<()>>>()
    });
}

fn every_task_of_a_set(flavor: &str) {
    is_cut_before_the_next(flavor, 3, &async |gone, _| {
        let tasks = gone.iter().map(|gone| hang(gone.held()));
        tasks.collect::<JoinSet<()>>()
    });
}

fn tracked(gone: &[Gone]) -> Tracker {
    let tracker = Tracker::new();
    for gone in gone {
        let spawned = tracker.spawn(hang(gone.held()));
        drop(spawned.expect("nothing is closing yet"));
    }
    tracker
}

fn every_task_of_a_tracker(flavor: &str) {
    is_cut_before_the_next(flavor, 3, &async |gone, _| tracked(gone));
}

/// Closed by a function that never ends.
#[derive(graceful::Shutdown)]
struct Given {
    #[shutdown(with = |held, _| hang(held))]
    transaction: Held,
}

fn what_a_close_was_given(flavor: &str) {
    #[derive(graceful::Shutdown)]
    struct Flat {
        #[shutdown(timeout = "60ms", with = |held, _| hang(held))]
        transaction: Held,
        #[shutdown(timeout = "2s")]
        db: Behind,
    }
    in_each_round(|| {
        stop(flavor, PLENTY, async |_| {
            let gone = Gone::default();
            Flat {
                transaction: gone.held(),
                db: Behind(vec![gone]),
            }
        })
    });
}

fn what_a_nested_close_was_given(flavor: &str) {
    is_cut_before_the_next(flavor, 3, &async |gone, _| {
        let given = gone.iter().map(|gone| Given {
            transaction: gone.held(),
        });
        given.collect::<Vec<Given>>()
    });
}

/// A server of `routes`, which has been sent a request.
async fn requested(handle: Handle, routes: Router) -> http::Server {
    let server = http::Server::bind("127.0.0.1:0").await.unwrap();
    let server = server.lifecycle(handle).serve(routes);
    let address = server.local_addr().unwrap();
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    client.write_all(request).await.unwrap();
    while server.in_flight() == 0 {
        sleep(ms(1)).await;
    }
    // It stays connected, and waits for its answer.
    tokio::spawn(async move {
        let _client = client;
        pending::<()>().await;
    });
    server
}

fn a_request(flavor: &str) {
    is_cut_before_the_next(flavor, 1, &async |gone, handle| {
        let gone = gone[0].clone();
        requested(
            handle,
            Router::new().route("/", get(move || hang(gone.held()))),
        )
        .await
    });
}

fn what_the_last_step_held_is_gone_when_the_stop_is_over(flavor: &str) {
    #[derive(graceful::Shutdown)]
    struct Alone<T: Shutdown> {
        // So long that each part of it is begun: what is not begun is not cut either.
        #[shutdown(timeout = "900ms")]
        hangs: T,
    }
    for _ in 0..ROUNDS {
        let [task, job, transaction] = [(); 3].map(|()| Gone::default());
        let held = transaction.held();
        let report = stop(flavor, PLENTY, async |_| Alone {
            hangs: (
                tokio::spawn(hang(task.held())),
                tracked(std::slice::from_ref(&job)),
                Given { transaction: held },
            ),
        });
        let all = [task, job, transaction].map(|gone| gone.is_gone());
        assert_eq!(all, [true; 3], "{report}");
    }
}

/// The time for that is bounded: nobody can cut a block.
fn a_drop_that_blocks_holds_up_the_next_step_only_for_a_moment(flavor: &str) {
    struct Blocks;
    impl Drop for Blocks {
        fn drop(&mut self) {
            std::thread::sleep(ms(20_000));
        }
    }
    #[derive(graceful::Shutdown)]
    struct Blocked {
        #[shutdown(timeout = "60ms", with = async |blocks, _| { let _held: Blocks = blocks; pending::<()>().await })]
        file: Blocks,
        #[shutdown(timeout = "2s")]
        db: Behind,
    }
    let report = stop(flavor, PLENTY, async |_| Blocked {
        file: Blocks,
        db: Behind(Vec::new()),
    });
    assert_cut(&report);
}

/// As pools have it: the drop of a connection spawns a task that takes it back.
fn what_a_drop_spawns_has_its_turn_before_the_next_step(flavor: &str) {
    struct Connection(Option<Held>);
    impl Drop for Connection {
        fn drop(&mut self) {
            let held = self.0.take();
            tokio::spawn(async move { drop(held) });
        }
    }
    async fn query(connection: Connection) {
        let _connection = connection;
        pending::<()>().await;
    }
    is_cut_before_the_next(flavor, 1, &async |gone, _| {
        Some(tokio::spawn(query(Connection(Some(gone[0].held())))))
    });
}

/// A set that a close was given aborts its tasks as it is dropped, and does not wait for them.
fn what_a_drop_aborts_has_its_turn_before_the_next_step(flavor: &str) {
    #[derive(graceful::Shutdown)]
    struct Flat {
        #[shutdown(timeout = "60ms", with = async |mut set, _| while set.join_next().await.is_some() {})]
        set: JoinSet<()>,
        #[shutdown(timeout = "2s")]
        db: Behind,
    }
    in_each_round(|| {
        stop(flavor, PLENTY, async |_| {
            let db = Behind((0..3).map(|_| Gone::default()).collect());
            let set = db.0.iter().map(|gone| hang(gone.held())).collect();
            Flat { set, db }
        })
    });
}

/// Takes a moment to be dropped, as what writes to a file.
struct Slow(Gone);

impl Drop for Slow {
    fn drop(&mut self) {
        std::thread::sleep(ms(20));
        drop(self.0.held());
    }
}

/// Both of its closes hang. The first one is dropped before the second one begins, which is where the reference is looked at.
#[derive(Clone)]
struct Twice {
    first: Gone,
    second: Gone,
    too_early: Gone,
}

impl Twice {
    fn new() -> Self {
        let [first, second, too_early] = [(); 3].map(|()| Gone::default());
        Self {
            first,
            second,
            too_early,
        }
    }

    async fn close(self) {
        let _held = Slow(self.first);
        pending::<()>().await;
    }

    async fn stop(self) {
        if !self.first.is_gone() {
            drop(self.too_early.held());
        }
        let _held = Slow(self.second);
        pending::<()>().await;
    }
}

#[derive(graceful::Shutdown)]
struct Forced {
    #[shutdown(timeout = "1s", with = |twice: Twice, _| twice.close(), force = stop)]
    twice: Twice,
    #[shutdown(timeout = "2s")]
    db: Behind,
}

fn what_a_close_that_is_forced_was_given(flavor: &str) {
    let cut = || {
        let twice = Twice::new();
        stop(flavor, PLENTY, async |_| Forced {
            twice: twice.clone(),
            db: Behind(Vec::new()),
        });
        twice.too_early.is_gone()
    };
    // A busy machine may not give it its turn in the few milliseconds: not twice in a row.
    assert!(
        !(cut() && cut()),
        "the force begins before the close is gone"
    );
}

fn what_a_force_that_hangs_was_given(flavor: &str) {
    in_each_round(|| {
        let twice = Twice::new();
        stop(flavor, PLENTY, async |_| Forced {
            db: Behind(vec![twice.first.clone(), twice.second.clone()]),
            twice,
        })
    });
}

/// What is cut there is the close, before it would be forced.
fn what_a_forced_close_was_given_is_gone_behind_the_limit_of_the_whole(flavor: &str) {
    #[derive(graceful::Shutdown)]
    struct Inner {
        #[shutdown(with = |twice: Twice, _| twice.close(), force = stop)]
        twice: Twice,
    }
    /// It is not the limit of what it holds.
    struct Whole(Inner);
    impl Shutdown for Whole {
        async fn shutdown(self, cx: graceful::Context) -> graceful::Result {
            let _ = tokio::time::timeout(ms(60), self.0.shutdown(cx)).await;
            Ok(())
        }
    }
    #[derive(graceful::Shutdown)]
    struct Outer {
        #[shutdown(timeout = "4s")]
        whole: Whole,
        #[shutdown(timeout = "2s")]
        db: Behind,
    }
    let cut = || {
        let twice = Twice::new();
        let db = Behind(vec![twice.first.clone()]);
        stop(flavor, PLENTY, async |_| Outer {
            whole: Whole(Inner { twice }),
            db,
        })
    };
    let is_gone = || !matches!(cut().step("db").unwrap().outcome, Outcome::Failed(_));
    assert!(is_gone() || is_gone(), "the close is not gone");
}

/// In the kit's paused time too, where it is the same tasks that drop and that go on.
#[test]
fn in_paused_time() {
    fn cut<T: Shutdown>(hanging: impl AsyncFn(&Gone) -> T + Send + 'static) {
        let report = run(async move || {
            let gone = Gone::default();
            Ordered {
                hangs: hanging(&gone).await,
                db: Behind(vec![gone]),
            }
        })
        .report();
        report.assert_closed("db");
        assert_eq!(report.started("db"), ms(60), "{report}");
    }
    cut(async |gone: &Gone| tokio::spawn(hang(gone.held())));
    cut(async |gone: &Gone| JoinSet::from_iter([hang(gone.held())]));
    cut(async |gone: &Gone| tracked(std::slice::from_ref(gone)));
    cut(async |gone: &Gone| Given {
        transaction: gone.held(),
    });
}

async fn open(file: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new()
        .connect_with(options)
        .await
        .unwrap();
    let schema = "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT)";
    sqlx::query(schema).execute(&pool).await.unwrap();
    pool
}

/// Writes within a transaction that is never committed.
async fn write_for_ever(pool: SqlitePool) {
    let mut transaction = pool.begin().await.unwrap();
    let insert = sqlx::query("INSERT INTO orders (item) VALUES ('tea')");
    insert.execute(&mut *transaction).await.unwrap();
    pending::<()>().await;
}

/// Again where a connection is on its way back: on a busy machine the task that brings it has not had its turn.
async fn close(pool: SqlitePool) {
    pool.close().await;
    while pool.size() > 0 {
        sleep(ms(1)).await;
        pool.close().await;
    }
}

fn a_request_within_a_transaction_leaves_no_log_behind_the_database(flavor: &str) {
    #[derive(graceful::Shutdown)]
    struct Shop {
        #[shutdown(timeout = "200ms")]
        http: http::Server,
        #[shutdown(timeout = "2s", with = |db, _| close(db))]
        db: SqlitePool,
    }
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.db");
        let report = stop(flavor, PLENTY, async |handle| {
            let db = open(&file).await;
            let (pool, log) = (db.clone(), folder.path().join("shop.db-wal"));
            let routes = Router::new().route("/", get(move || write_for_ever(pool.clone())));
            let http = requested(handle, routes).await;
            assert!(log.exists(), "the schema is in the log");
            // The insert too has been written.
            while db.num_idle() == db.size() as usize {
                sleep(ms(1)).await;
            }
            sleep(ms(20)).await;
            Shop { http, db }
        });
        report.assert_timed_out("http").assert_closed("db");
        let left = std::fs::read_dir(folder.path()).unwrap();
        let left: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(left, ["shop.db"], "{report}");
    }
}
