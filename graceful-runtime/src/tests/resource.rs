//! What is opened once, and closed whatever becomes of the start-up.

use super::{life, lines};
use crate::{Context, Plan, Resource, Result, Shutdown, Step, Steps, manage, resource};
use std::sync::{Arc, Mutex};

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
