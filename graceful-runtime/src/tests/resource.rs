//! What is opened once, and closed whatever becomes of the start-up.

use super::{life, lines, ms};
use crate::{
    Context, Outcome, Plan, Resource, Result, Shutdown, Step, Steps, manage, requested, resource,
};
use std::sync::{Arc, Mutex};
use tokio::time::sleep;

/// What has happened to it.
type Log = Arc<Mutex<Vec<&'static str>>>;

#[derive(Debug)]
struct Pool(Log);

impl Pool {
    fn open(log: &Log) -> Resource<Self> {
        resource("pool", Self(log.clone()), async |pool, _cx| {
            pool.0.lock().unwrap().push("closed");
        })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("dropped");
    }
}

struct App {
    pool: Resource<Pool>,
}

impl Shutdown for App {
    const PLAN: Plan = Plan::new("App", &[Step::new("db")]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.close(self.pool);
        steps.run()
    }
}

fn log() -> Log {
    Log::default()
}

#[test]
fn a_start_that_fails_closes_it() {
    let happened = log();
    let (failed, report) = life(async {
        let _pool = Pool::open(&happened);
        Err::<App, _>("the migration failed")
    });
    assert!(failed.is_err());
    assert_eq!(*happened.lock().unwrap(), ["closed", "dropped"]);
    assert_eq!(lines(&report), ["pool closed 0-0"]);
}

#[test]
fn handed_over_it_is_a_field_like_any_other() {
    let happened = log();
    let ((), report) = life(async {
        let pool = Pool::open(&happened);
        // It is what it holds.
        assert!(pool.0.lock().unwrap().is_empty());
        manage(Some(pool));
    });
    assert_eq!(*happened.lock().unwrap(), ["closed", "dropped"]);
    assert_eq!(lines(&report), ["Option closed 0-0"]);
}

#[test]
fn in_a_state_by_hand_it_is_closed_once_too() {
    let happened = log();
    let ((), report) = life(async {
        let pool = Pool::open(&happened);
        manage(App { pool });
    });
    assert_eq!(*happened.lock().unwrap(), ["closed", "dropped"]);
    assert!(report.is_clean(), "{report}");
    assert!(report.step("db").is_some(), "{report}");
}

#[test]
fn taken_out_it_is_nobody_elses() {
    let happened = log();
    let (pool, report) = life(async { Pool::open(&happened).into_inner() });
    assert!(report.steps.is_empty(), "{report}");
    assert!(happened.lock().unwrap().is_empty());
    drop(pool);
    assert_eq!(*happened.lock().unwrap(), ["dropped"]);
}

#[test]
fn what_was_opened_last_is_closed_first() {
    let happened = log();
    life(async {
        let _first = resource("first", happened.clone(), async |log, _| {
            log.lock().unwrap().push("first");
        });
        let _second = resource("second", happened.clone(), async |log, _| {
            log.lock().unwrap().push("second");
        });
    });
    assert_eq!(*happened.lock().unwrap(), ["second", "first"]);
}

/// A handler of requests that shares the state, or a task beside the start-up.
#[test]
fn others_may_look_at_it_from_their_threads() {
    let happened = log();
    let (looked, report) = life(async {
        let pool = Pool::open(&happened);
        let looks = |pool: &Resource<Pool>| pool.0.lock().unwrap().len();
        let looked = std::thread::scope(|scope| scope.spawn(|| looks(&pool)).join());
        manage(App { pool });
        looked
    });
    assert_eq!(looked.unwrap(), 0);
    assert!(report.is_clean(), "{report}");
}

/// In a task that nobody ends, or in a second `Arc`: the report has to say why its close waits.
#[test]
fn held_by_others_it_is_waited_for_and_that_is_said() {
    let happened = log();
    let (_held, report) = life(async { Pool::open(&happened) });
    let pool = report.step("pool").unwrap();
    assert!(matches!(pool.outcome, Outcome::TimedOut), "{report}");
    let last_word = pool.progress.as_deref().unwrap_or_default();
    assert!(last_word.contains("still held"), "{report}");
}

#[test]
fn let_go_of_in_time_it_is_closed_and_nothing_is_said_of_the_wait() {
    let ((), report) = life(async {
        let fails = resource("pool", (), async |(), _| Err::<(), _>("connection lost"));
        tokio::spawn(async move {
            requested().await;
            sleep(ms(10)).await;
            drop(fails);
        });
        tokio::task::yield_now().await;
    });
    let pool = report.step("pool").unwrap();
    assert!(matches!(pool.outcome, Outcome::Failed(_)), "{report}");
    assert!(!report.to_string().contains("held"), "{report}");
}
