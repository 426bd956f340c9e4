//! `Shutdown` for the types of std and tokio.

use super::{Field, closed, life, lines, ms};
use crate::{Outcome, Shutdown, manage};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use tokio::sync::{OnceCell, broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How closing a value ends, in words.
fn outcome<S: Shutdown>(build: impl FnOnce() -> S) -> String {
    let (_, report) = life(async { manage(build()) });
    report.steps[0].outcome.to_string()
}

#[test]
fn nothing_is_no_error() {
    assert_eq!(outcome(|| { None::<Field> }), "nothing to close");
    assert_eq!(outcome(|| { OnceLock::<Field>::new() }), "nothing to close");
    assert_eq!(outcome(|| { OnceCell::<Field>::new() }), "nothing to close");
    assert_eq!(
        outcome(|| { Mutex::new(None::<Field>) }),
        "nothing to close"
    );
    assert_eq!(outcome(|| { Vec::<Field>::new() }), "nothing to close");
}

#[test]
fn what_holds_a_value_closes_it() {
    let fails = "failed: broken pipe";
    assert_eq!(outcome(|| { Some(Field::Fails) }), fails);
    assert_eq!(outcome(|| { Box::new(Field::Fails) }), fails);
    assert_eq!(outcome(|| { Mutex::new(Field::Fails) }), fails);
    assert_eq!(outcome(|| { RwLock::new(Field::Fails) }), fails);
    assert_eq!(outcome(|| { OnceLock::from(Field::Fails) }), fails);
    assert_eq!(outcome(|| { OnceCell::from(Field::Fails) }), fails);
    assert_eq!(outcome(|| { tokio::sync::Mutex::new(Field::Fails) }), fails);
    assert_eq!(
        outcome(|| { tokio::sync::RwLock::new(Field::Fails) }),
        fails
    );
}

#[test]
fn a_step_says_that_it_waits_for_a_lock() {
    let locked = Arc::new(tokio::sync::Mutex::new(Some(Field::Fails)));
    let last_word = |holds_for| {
        let state = locked.clone();
        let ((), report) = life(async move {
            let held = state.clone().lock_owned().await;
            tokio::spawn(async move {
                sleep(holds_for).await;
                drop(held);
            });
            manage(state);
        });
        let [step] = &report.steps[..] else {
            panic!("{report}")
        };
        (step.outcome.as_str(), step.progress.clone())
    };
    assert_eq!(
        last_word(ms(60_000)),
        ("timed out", Some("waits for its lock".to_owned()))
    );
    assert_eq!(
        last_word(ms(10)),
        ("failed", Some("has its lock".to_owned()))
    );
}

#[test]
fn items_of_a_collection_close_at_the_same_time() {
    let report = closed(vec![
        Field::Takes(ms(20)),
        Field::Fails,
        Field::Takes(ms(10)),
    ]);
    assert_eq!(
        lines(&report),
        [
            "0 closed 0-20",
            "1 failed: broken pipe 0-0",
            "2 closed 0-10"
        ]
    );
    let report = closed([Field::Takes(ms(20)), Field::Takes(ms(20))]);
    assert_eq!(lines(&report), ["0 closed 0-20", "1 closed 0-20"]);

    let mut queue = VecDeque::from([Field::Takes(ms(20))]);
    queue.push_front(Field::Fails);
    let report = closed(queue);
    assert_eq!(
        lines(&report),
        ["0 failed: broken pipe 0-0", "1 closed 0-20"]
    );
}

#[test]
fn items_of_a_map_are_named_by_their_keys() {
    let report = closed(BTreeMap::from([
        ("eu", Field::Fails),
        ("us", Field::Takes(ms(1))),
    ]));
    assert_eq!(
        lines(&report),
        ["eu failed: broken pipe 0-0", "us closed 0-1"]
    );
    let report = closed(HashMap::from([("eu", Field::Takes(ms(1)))]));
    assert_eq!(lines(&report), ["eu closed 0-1"]);
}

#[test]
fn a_tuple_closes_in_its_order() {
    let report = closed((Field::Takes(ms(20)), Field::Takes(ms(10))));
    assert_eq!(lines(&report), ["0 closed 0-20", "1 closed 20-30"]);
}

#[test]
fn a_clone_of_many_is_closed_though_others_live() {
    let token = Arc::new(CancellationToken::new());
    let elsewhere = token.clone();
    assert_eq!(outcome(move || { token }), "closed");
    assert!(elsewhere.is_cancelled());
}

#[test]
fn what_others_hold_too_is_taken_out_and_closed() {
    let tasks = Arc::new(Mutex::new(JoinSet::<Result<(), &str>>::new()));
    let elsewhere = tasks.clone();
    let ended = outcome(move || {
        tasks.lock().unwrap().spawn(async { Err("lost the lease") });
        tasks
    });
    assert_eq!(ended, "failed: lost the lease");
    assert!(elsewhere.lock().unwrap().is_empty());

    let field = Arc::new(tokio::sync::Mutex::new(Some(Field::Fails)));
    let elsewhere = field.clone();
    assert_eq!(outcome(move || field), "failed: broken pipe");
    assert_eq!(outcome(move || elsewhere), "nothing to close");

    let fields = Arc::new(tokio::sync::RwLock::new(vec![Field::Takes(ms(1))]));
    let report = closed(fields.clone());
    assert_eq!(lines(&report), ["0 closed 0-1"]);
    assert!(fields.try_read().unwrap().is_empty());

    let lock = Arc::new(RwLock::new(Some(Field::Fails)));
    assert_eq!(outcome(move || lock), "failed: broken pipe");
}

#[test]
fn tasks_are_waited_for_and_say_how_they_ended() {
    assert_eq!(outcome(|| { tokio::spawn(async {}) }), "closed");
    assert_eq!(
        outcome(|| { tokio::spawn(async { Err::<u8, _>("lost the lease") }) }),
        "failed: lost the lease"
    );
    let panicked = outcome(|| tokio::spawn(async { assert_eq!(1, 2, "out of luck") }));
    assert!(panicked.starts_with("panicked: assertion"), "{panicked}");
    assert!(panicked.contains("out of luck"), "{panicked}");
    let aborted = outcome(|| {
        let task = tokio::spawn(std::future::pending::<()>());
        task.abort();
        task
    });
    assert_eq!(aborted, "closed");
}

#[test]
fn a_task_that_is_not_waited_for_any_more_is_aborted() {
    struct Dropped(mpsc::UnboundedSender<()>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (sender, mut dropped) = mpsc::unbounded_channel();
    let ended = outcome(|| {
        tokio::spawn(async move {
            let _guard = Dropped(sender);
            std::future::pending::<()>().await;
        })
    });
    assert_eq!(ended, "timed out");
    assert_eq!(dropped.try_recv(), Ok(()));
}

#[test]
fn a_set_of_tasks_reports_the_first_error() {
    let ended = outcome(|| {
        let mut set = JoinSet::new();
        set.spawn(async {
            sleep(ms(10)).await;
            Ok(())
        });
        set.spawn(async { Err("one of many") });
        set
    });
    assert_eq!(ended, "failed: one of many");
}

#[cfg(feature = "tokio-util")]
#[test]
fn a_tracker_waits_for_its_tasks() {
    let (_, report) = life(async {
        let tracker = tokio_util::task::TaskTracker::new();
        tracker.spawn(sleep(ms(30)));
        manage(tracker)
    });
    assert!(matches!(report.steps[0].outcome, Outcome::Closed));
    assert_eq!(report.total, ms(30));
}

#[test]
fn a_thread_is_joined() {
    assert_eq!(outcome(|| { std::thread::spawn(|| ()) }), "closed");
    assert_eq!(
        outcome(|| { std::thread::spawn(|| assert_eq!(6, 7, "code 7")) }),
        "failed: the thread panicked: assertion `left == right` failed: code 7\n  left: 6\n right: 7"
    );
}

#[test]
fn closing_a_sender_lets_its_receiver_end() {
    let (sender, mut receiver) = mpsc::channel::<u8>(1);
    assert_eq!(outcome(|| { sender }), "closed");
    assert!(
        receiver
            .try_recv()
            .is_err_and(|e| e == mpsc::error::TryRecvError::Disconnected)
    );

    let (sender, mut receiver) = oneshot::channel::<u8>();
    assert_eq!(outcome(|| { sender }), "closed");
    assert!(receiver.try_recv().is_err());

    let (sender, receiver) = watch::channel(0);
    assert_eq!(outcome(|| { sender }), "closed");
    assert!(receiver.has_changed().is_err());

    let (sender, mut receiver) = broadcast::channel::<u8>(1);
    assert_eq!(outcome(|| { sender }), "closed");
    assert!(matches!(
        receiver.try_recv(),
        Err(broadcast::error::TryRecvError::Closed)
    ));
}
