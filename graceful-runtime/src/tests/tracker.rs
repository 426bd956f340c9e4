//! Work in flight: refused, waited for, named.

use super::{closed, life, ms};
use crate::{
    Context, Embedded, Guard, InFlight, Outcome, Plan, Report, Result, Shutdown, ShuttingDown,
    Step, Steps, Tracker, manage,
};
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep, timeout};

/// The last word of the only step.
fn last_word(report: &Report) -> &str {
    report.steps[0].progress.as_deref().unwrap_or_default()
}

fn is_closed(report: &Report) -> bool {
    matches!(report.steps[0].outcome, Outcome::Closed)
}

fn is_timed_out(report: &Report) -> bool {
    matches!(report.steps[0].outcome, Outcome::TimedOut)
}

/// A tracker in paused time, without a life.
fn paused<T>(body: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(body)
}

#[test]
fn refuses_once_closed() {
    paused(async {
        let tracker = Tracker::new();
        assert!(tracker.guard().is_ok());
        let clone = tracker.clone();
        tracker.close();
        tracker.close();
        assert!(clone.is_closed());
        // The same place as before, and another.
        for _ in 0..3 {
            assert_eq!(clone.guard().err(), Some(ShuttingDown));
        }
        assert!(clone.spawn(async {}).is_err());
        assert!(clone.spawn_blocking(|| ()).is_err());
        assert!(clone.is_empty());
    });
}

#[test]
fn a_place_that_was_admitted_before_the_close_is_refused_after_it() {
    let tracker = Tracker::new();
    let enter = || tracker.guard();
    let first = enter();
    assert!(first.is_ok());
    tracker.close();
    for _ in 0..3 {
        assert!(enter().is_err());
    }
    assert_eq!(tracker.len(), 1);
    drop(first);
    assert_eq!(tracker.len(), 0);
}

#[test]
fn a_task_is_refused_though_others_of_its_place_run() {
    paused(async {
        let tracker = Tracker::new();
        let spawn = || tracker.spawn(pending::<()>());
        let first = spawn();
        assert!(spawn().is_ok());
        tracker.close();
        assert!(spawn().is_err());
        assert_eq!(tracker.len(), 2);
        first.expect("open").abort();
        yield_now().await;
        assert_eq!(tracker.len(), 1);
        assert!(spawn().is_err());
    });
}

#[test]
fn a_refused_future_is_dropped_unpolled() {
    paused(async {
        let tracker = Tracker::new();
        tracker.close();
        let (sender, receiver) = oneshot::channel::<()>();
        let refused = tracker.spawn(async move { sender.send(()) });
        assert!(refused.is_err());
        assert!(receiver.await.is_err());
    });
}

#[test]
fn the_refusal_says_what_to_do() {
    let error: Box<dyn std::error::Error + Send + Sync> = ShuttingDown.into();
    assert_eq!(
        error.to_string(),
        "shutting down, no new work is accepted: turn the request away as unavailable, or leave \
         the message in its queue"
    );
}

#[test]
fn a_guard_that_lives_holds_the_wait() {
    paused(async {
        let tracker = Tracker::new();
        let guard = tracker.guard();
        tracker.close();
        assert!(timeout(ms(10), tracker.wait()).await.is_err());
        tokio::spawn(async move {
            sleep(ms(20)).await;
            drop(guard);
        });
        let began = Instant::now();
        tracker.wait().await;
        assert_eq!(began.elapsed(), ms(20));
    });
}

#[test]
fn a_clone_of_a_guard_counts_for_itself_also_once_closed() {
    let tracker = Tracker::new();
    let guard = tracker.guard().expect("open");
    tracker.close();
    let branch = guard.clone();
    drop(guard);
    assert_eq!(tracker.len(), 1);
    drop(branch);
    assert!(tracker.is_empty());
}

#[test]
fn waiting_before_the_close_does_not_end() {
    paused(async {
        let tracker = Tracker::new();
        assert!(timeout(ms(10), tracker.wait()).await.is_err());
        drop(tracker.guard());
        assert!(timeout(ms(10), tracker.wait()).await.is_err());
        let clone = tracker.clone();
        let waits = tokio::spawn(async move { clone.wait().await });
        yield_now().await;
        tracker.close();
        assert!(timeout(ms(10), waits).await.is_ok());
    });
}

#[test]
fn all_that_wait_are_woken() {
    paused(async {
        let tracker = Tracker::new();
        let guard = tracker.guard();
        let wait = || {
            let tracker = tracker.clone();
            tokio::spawn(async move { tracker.wait().await })
        };
        let waiting: [JoinHandle<()>; 3] = [wait(), wait(), wait()];
        yield_now().await;
        tracker.close();
        drop(guard);
        for waits in waiting {
            assert!(timeout(ms(10), waits).await.is_ok());
        }
    });
}

#[test]
fn a_guard_may_be_dropped_on_another_thread() {
    paused(async {
        let tracker = Tracker::new();
        let guard = tracker.guard();
        tracker.close();
        let thread = std::thread::spawn(move || drop(guard));
        tracker.wait().await;
        assert!(tracker.is_empty());
        assert!(thread.join().is_ok());
    });
}

#[test]
fn a_guard_may_outlive_its_thread_and_its_tracker() {
    let tracker = Tracker::new();
    let guard = {
        let tracker = tracker.clone();
        std::thread::spawn(move || tracker.guard()).join()
    };
    assert_eq!(tracker.len(), 1);
    drop(tracker);
    drop(guard);
}

#[test]
fn trackers_that_share_a_place_count_apart() {
    let trackers: [Tracker; 300] = std::array::from_fn(|_| Tracker::new());
    let enter = |tracker: &Tracker| tracker.guard().expect("open");
    let mut guards: Vec<_> = trackers.iter().map(enter).collect();
    guards.extend(trackers.iter().map(enter));
    assert!(trackers.iter().all(|tracker| tracker.len() == 2));
    guards.truncate(300);
    assert!(trackers.iter().all(|tracker| tracker.len() == 1));
}

#[test]
fn many_threads_are_counted_exactly() {
    const THREADS: usize = 8;
    for round in 0..50 {
        let tracker = Tracker::new();
        let (admitted, ended) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let start = Barrier::new(THREADS + 1);
        std::thread::scope(|scope| {
            let (sender, receiver) = std::sync::mpsc::channel::<Guard>();
            for _ in 0..THREADS {
                let sender = sender.clone();
                scope.spawn(|| {
                    let sender = sender;
                    start.wait();
                    while let Ok(guard) = tracker.guard() {
                        admitted.fetch_add(1, Ordering::Relaxed);
                        let _ = sender.send(guard);
                    }
                });
            }
            drop(sender);
            let counted = ended.clone();
            scope.spawn(move || {
                for guard in receiver {
                    counted.fetch_add(1, Ordering::Relaxed);
                    drop(guard);
                }
            });
            start.wait();
            std::thread::sleep(Duration::from_micros(100 * round));
            tracker.close();
            paused(tracker.wait());
            // Every guard's work has happened before the wait ends.
            assert_eq!(
                ended.load(Ordering::Relaxed),
                admitted.load(Ordering::Relaxed)
            );
            assert!(tracker.is_empty());
        });
    }
}

#[test]
fn tasks_end_in_every_way() {
    paused(async {
        let tracker = Tracker::new();
        let completes = tracker.spawn(async { 7 }).expect("open");
        let panics = tracker.spawn(async { assert_eq!(1, 2) }).expect("open");
        let aborted = tracker.spawn(pending::<()>()).expect("open");
        let (go_on, told) = std::sync::mpsc::channel();
        let block = move || told.recv().map(|()| 8);
        let blocks = tracker.spawn_blocking(block).expect("open");
        assert_eq!(tracker.len(), 4);
        go_on.send(()).expect("it waits");
        aborted.abort();
        tracker.close();
        tracker.wait().await;
        assert_eq!(completes.await.ok(), Some(7));
        assert!(panics.await.is_err_and(|error| error.is_panic()));
        assert!(aborted.await.is_err_and(|error| error.is_cancelled()));
        assert_eq!(blocks.await.ok(), Some(Ok(8)));
        assert_eq!(tracker.left(), []);
    });
}

#[test]
fn a_task_spawned_outside_of_a_runtime_leaves_nothing_behind() {
    let tracker = Tracker::new();
    let outside = std::panic::AssertUnwindSafe(|| tracker.spawn(async {}).is_ok());
    assert!(std::panic::catch_unwind(outside).is_err());
    assert!(tracker.is_empty());
}

#[test]
fn what_is_left_has_places_and_ages() {
    paused(async {
        let tracker = Tracker::new();
        let job = || (tracker.spawn(pending::<()>()), line!());
        let (_, line) = job();
        sleep(ms(2500)).await;
        assert!(job().0.is_ok());
        let (mail, mail_line) = (tracker.guard(), line!());
        sleep(ms(40_000)).await;
        let left = tracker.left();
        let texts: Vec<_> = left.iter().map(InFlight::to_string).collect();
        let file = file!();
        assert_eq!(
            texts,
            [
                format!("2 × {file}:{line} (oldest 42 s)"),
                format!("1 × {file}:{mail_line}"),
            ]
        );
        assert_eq!(left[0].oldest, Some(ms(42_500)));
        drop(mail);
        assert_eq!(tracker.left().len(), 1);
    });
}

#[test]
fn ages_are_read_at_a_glance() {
    let texts = [300, 9_900, 42_000, 600_000, 90_000_000].map(|age| {
        paused(async {
            let tracker = Tracker::new();
            let task = tracker.spawn(pending::<()>());
            sleep(ms(age)).await;
            drop(task);
            let text = tracker.left()[0].to_string();
            text.split_once("oldest ").map(|(_, age)| age.to_owned())
        })
    });
    assert_eq!(
        texts.map(Option::unwrap_or_default),
        ["0.3 s)", "9.9 s)", "42 s)", "10 min)", "25 h)"]
    );
}

#[test]
fn closing_waits_for_what_has_begun() {
    let (refused, report) = life(async {
        let tracker = Tracker::new();
        let task = tracker.spawn(sleep(ms(30)));
        let guard = tracker.guard();
        tokio::spawn(async move {
            sleep(ms(50)).await;
            drop(guard);
        });
        drop(task);
        manage(tracker.clone());
        tracker
    });
    assert!(is_closed(&report));
    assert_eq!(report.total, ms(50));
    assert!(refused.guard().is_err());
}

#[test]
fn closing_an_idle_tracker_takes_no_time() {
    let report = closed(Tracker::new());
    assert!(is_closed(&report));
    assert_eq!(report.total, ms(0));
    assert_eq!(last_word(&report), "");
}

#[test]
fn a_task_is_aborted_at_the_limit_and_named_in_the_report() {
    struct Dropped(Arc<AtomicUsize>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let hangs = |value| async {
        let _value: Dropped = value;
        pending::<()>().await;
    };
    let ((tracker, line), report) = life(async {
        let tracker = Tracker::new();
        let spawn = |value| (tracker.spawn(hangs(value)), line!());
        drop(spawn(Dropped(dropped.clone())));
        let (_, line) = spawn(Dropped(dropped.clone()));
        manage(tracker.clone());
        (tracker, line)
    });
    assert!(is_timed_out(&report));
    assert_eq!(
        last_word(&report),
        format!("2 in flight: 2 × {}:{line} (oldest 1.0 s)", file!())
    );
    assert_eq!(dropped.load(Ordering::Relaxed), 2);
    assert!(tracker.is_empty());
}

/// Threads and real time: the report may be there before the step's future is dropped.
#[tokio::test]
async fn the_last_word_is_in_the_report_of_a_close_on_threads() {
    const LONG: Duration = Duration::from_secs(20);
    struct App(Tracker);
    impl Shutdown for App {
        const PLAN: Plan = Plan::new("App", &[Step::new("jobs").timeout(ms(300))]);
        fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
            let mut steps = Steps::new(cx, Self::PLAN);
            steps.close(self.0);
            steps.run()
        }
    }
    let tracker = Tracker::new();
    let embedded = Embedded::new();
    embedded.run(App(tracker.clone()));
    let (task, line) = (tracker.spawn(pending::<()>()), line!());
    let report = embedded.stop(LONG).await;
    assert!(is_timed_out(&report), "{report}");
    let word = format!("1 in flight: 1 × {}:{line} (oldest 0.", file!());
    assert!(last_word(&report).starts_with(&word), "{report}");
    let aborted = timeout(LONG, task.expect("open")).await;
    assert!(aborted.is_ok_and(|end| end.is_err_and(|error| error.is_cancelled())));
    assert!(timeout(LONG, tracker.wait()).await.is_ok());
}

#[test]
fn a_guard_is_named_at_the_limit_too() {
    let ((guard, line), report) = life(async {
        let tracker = Tracker::new();
        let (guard, line) = (tracker.guard(), line!());
        manage(tracker);
        (guard, line)
    });
    assert!(is_timed_out(&report));
    let place = format!("1 in flight: 1 × {}:{line}", file!());
    assert_eq!(last_word(&report), place);
    drop(guard);
}

#[test]
fn the_last_word_follows_what_ends() {
    let (line, report) = life(async {
        let tracker = Tracker::new();
        let job = |hundreds: u64| (tracker.spawn(sleep(ms(100 * hundreds))), line!());
        let lines = [1, 5, 20, 30].map(|hundreds| job(hundreds).1);
        manage(tracker);
        lines[0]
    });
    assert!(is_timed_out(&report));
    assert_eq!(
        last_word(&report),
        format!("2 in flight: 2 × {}:{line} (oldest 1.0 s)", file!())
    );
}

#[test]
fn a_long_list_is_capped() {
    let (guards, report) = life(async {
        let tracker = Tracker::new();
        let guards = [
            tracker.guard(),
            tracker.guard(),
            tracker.guard(),
            tracker.guard(),
            tracker.guard(),
            tracker.guard(),
            tracker.guard(),
        ];
        manage(tracker);
        guards
    });
    let word = last_word(&report);
    assert!(word.starts_with("7 in flight: 1 × "), "{word}");
    assert!(word.ends_with(", and 2 more places"), "{word}");
    assert_eq!(word.matches(file!()).count(), 5);
    drop(guards);
}
