//! Critical fields: tasks that are watched from the moment their state is handed over.

use super::{Field, life, lines, ms, step};
use crate::shutdown::{Close, CriticalTask, Parts, Watch};
use crate::{
    Context, Deferred, Embedded, Handle, IntoOutcome, Plan, Reason, Report, Result, Shutdown, Step,
    critical, defer, manage, request, requested,
};
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::pending;
use std::panic::panic_any;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use tokio::runtime::Builder;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// What `#[derive(Shutdown)]` makes of a field with `critical`, before another.
struct State<C>(C);

impl<C: CriticalTask> Shutdown for State<C> {
    const PLAN: Plan = Plan::new(
        "State",
        &[
            step("task", 0, Some(100)).plan(C::PLAN),
            step("db", 1, None),
        ],
    );

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let mut parts = Parts::new(Self::PLAN, watch);
        parts.critical(self.0);
        parts.close(Field::Takes(ms(10)));
        parts.whole()
    }
}

/// Two that close at the same time.
struct Beside<C, S>(C, S);

impl<C: CriticalTask, S: Shutdown> Shutdown for Beside<C, S> {
    const PLAN: Plan = Plan::new("Beside", &[step("task", 0, None), step("other", 0, None)]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let mut parts = Parts::new(Self::PLAN, watch);
        parts.critical(self.0);
        parts.close(self.1);
        parts.whole()
    }
}

/// A state in another.
struct Outer<S>(S);

impl<S: Shutdown> Shutdown for Outer<S> {
    const PLAN: Plan = Plan::new("Outer", &[Step::new("inner").plan(S::PLAN)]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        let mut parts = Parts::new(Self::PLAN, watch);
        parts.close(self.0);
        parts.whole()
    }
}

/// Of a process that nothing but a task of this state stops.
fn stopped_by<S: Shutdown>(state: impl FnOnce() -> S) -> Report {
    let ((), report) = life(async {
        manage(state());
        requested().await;
    });
    report
}

fn ends_as<T: IntoOutcome + Send + 'static>(
    task: impl Future<Output = T> + Send + 'static,
) -> Report {
    stopped_by(|| State(tokio::spawn(task)))
}

/// The same of a task that is wrapped, and in no state.
fn wrapped<T: IntoOutcome>(task: impl Future<Output = T> + Send + 'static) -> Report {
    let ((), report) = life(async {
        tokio::spawn(critical("task", task));
        requested().await;
    });
    report
}

#[test]
fn the_end_of_its_task_begins_the_stop_and_is_told_by_the_close_too() {
    async fn panics() {
        sleep(ms(5)).await;
        assert_eq!(1, 2, "out of \"luck\"");
    }
    let aborted = stopped_by(|| {
        let task = tokio::spawn(pending::<()>());
        task.abort();
        State(task)
    });
    for (report, how, closed) in [
        (
            ends_as(async { sleep(ms(5)).await }),
            "ended",
            "task closed",
        ),
        (
            ends_as(async { Err::<(), _>("connection lost") }),
            "failed: connection lost",
            "task failed: connection lost",
        ),
        (
            ends_as(async { Ok::<_, std::io::Error>(false) }),
            "failed: the close returned `false`",
            "task failed: the close returned `false`",
        ),
        (
            ends_as(panics()),
            "panicked: assertion `left == right` failed: out of",
            "task panicked: assertion",
        ),
        (aborted, "was aborted", "task closed"),
    ] {
        let reason = report.reason.to_string();
        assert!(
            reason.starts_with(&format!("critical task `task` {how}")),
            "{reason}"
        );
        assert_eq!(report.exit_code, 1);
        let lines = lines(&report);
        assert!(lines[0].starts_with(closed), "{lines:?}");
        assert_eq!(lines[1], "db closed 0-10");
    }
}

/// As the table of exit codes has it.
#[test]
fn a_stop_that_the_deadline_cuts_has_its_code_though_a_task_began_it() {
    let report = stopped_by(|| Beside(tokio::spawn(async {}), Field::Hangs));
    assert_eq!(report.reason.to_string(), "critical task `task` ended");
    assert!(report.deadline_passed, "{report}");
    assert_eq!(report.exit_code, 124, "{report}");
}

#[test]
fn a_task_that_calls_exit_gives_its_code() {
    async fn leaves() {
        crate::exit(7).await;
    }
    let report = ends_as(leaves());
    assert_eq!(report.reason, Reason::Exit(7));
    assert_eq!(report.exit_code, 7);
    assert_eq!(lines(&report)[0], "task closed 0-0");
}

struct Unreadable;

impl IntoOutcome for Unreadable {
    fn into_outcome(self) -> Result {
        panic!("no words")
    }
}

#[test]
fn one_that_can_not_say_how_it_ended_has_panicked() {
    let report = ends_as(async { Unreadable });
    let reason = "critical task `task` panicked: no words";
    assert_eq!(report.reason.to_string(), reason);
    assert_eq!(lines(&report)[0], "task panicked: no words 0-0");
    assert_eq!(wrapped(async { Unreadable }).reason.to_string(), reason);
}

#[test]
fn an_error_that_can_not_be_shown_begins_the_stop_all_the_same() {
    #[derive(Debug)]
    struct Unshown;
    impl fmt::Display for Unshown {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("no words")
        }
    }
    impl std::error::Error for Unshown {}
    let reason = "critical task `task` failed, and its error panicked when it was shown: no words";
    let report = ends_as(async { Err::<(), _>(Unshown) });
    assert_eq!(report.reason.to_string(), reason);
    assert_eq!(lines(&report)[0], "task panicked: no words 0-0");
    let report = wrapped(async { Err::<(), _>(Unshown) });
    assert_eq!(report.reason.to_string(), reason);
}

#[test]
fn the_message_of_a_panic_is_told_as_it_was_said() {
    async fn panics(payload: impl Any + Send) {
        sleep(ms(5)).await;
        panic_any(payload);
    }
    for words in [r#"no "consumer""#, "two\nlines", r"C:\temp", "", "\""] {
        let report = ends_as(panics(words));
        assert_eq!(
            report.reason.to_string(),
            format!("critical task `task` panicked: {words}")
        );
    }
    let report = ends_as(panics(7));
    assert_eq!(
        report.reason.to_string(),
        "critical task `task` panicked: a panic without a message"
    );
}

#[test]
fn what_its_task_returned_may_take_the_state_back_when_it_is_dropped() {
    struct Returned(Arc<Mutex<Option<Deferred>>>);
    impl IntoOutcome for Returned {
        fn into_outcome(self) -> Result {
            Ok(())
        }
    }
    impl Drop for Returned {
        fn drop(&mut self) {
            let managed = self.0.lock().unwrap().take();
            assert!(managed.unwrap().cancel());
        }
    }
    let ((), report) = life(async {
        let managed = Arc::new(Mutex::new(None));
        let returned = Returned(managed.clone());
        let state = State(tokio::spawn(async { returned }));
        *managed.lock().unwrap() = Some(manage(state));
        sleep(ms(5)).await;
        assert!(managed.lock().unwrap().is_none());
    });
    // Nobody is told of the end of what was taken back.
    assert_eq!(report.reason, Reason::MainReturned);
    assert!(report.steps.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_close_that_comes_while_the_end_is_read_is_told_it() {
    /// Whoever reads it is blocked until it is released.
    struct Blocks {
        reads: Sender<()>,
        released: Receiver<()>,
    }
    impl IntoOutcome for Blocks {
        fn into_outcome(self) -> Result {
            let _ = self.reads.send(());
            self.released.recv()?;
            Err("3 messages are lost".into())
        }
    }
    struct Releases(Sender<()>);
    impl Shutdown for Releases {
        async fn shutdown(self, _cx: Context) -> Result {
            sleep(ms(5)).await;
            self.0.send(()).map_err(Into::into)
        }
    }
    let (reads, read) = channel();
    let (release, released) = channel();
    let embedded = Embedded::new();
    let task = tokio::spawn(async { Blocks { reads, released } });
    embedded.run(Beside(task, Releases(release)));
    // From here on the only worker is blocked.
    read.recv().unwrap();
    let report = embedded.stop(ms(60_000)).await;
    let lines = lines(&report);
    assert!(
        lines[0].starts_with("task failed: 3 messages are lost"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("other closed"), "{lines:?}");
}

/// Of a process that is stopped 5 ms after a state was handed over on a small runtime, which has ended.
fn after_a_runtime(handed_over: fn(Deferred)) -> Report {
    let ((), report) = life(async move {
        let handle = Handle::current();
        let runs = move || {
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                handed_over(handle.manage(State(tokio::spawn(pending::<()>()))));
            });
        };
        std::thread::spawn(runs).join().unwrap();
        sleep(ms(5)).await;
        request("stop");
    });
    report
}

#[test]
fn that_nobody_watches_it_any_more_begins_the_stop() {
    let report = after_a_runtime(drop);
    assert_eq!(
        report.reason.to_string(),
        "critical task `task` is watched no more: the runtime in which it was handed over has ended"
    );
    // It was the task's own, and what was aborted has closed.
    assert_eq!(lines(&report), ["task closed 5-5", "db closed 5-15"]);
}

#[test]
fn taken_back_it_may_go_with_its_runtime() {
    let report = after_a_runtime(|managed| assert!(managed.cancel()));
    assert_eq!(report.reason, Reason::Requested("stop".into()));
    assert!(report.steps.is_empty());
}

#[test]
fn once_the_stop_has_begun_its_end_is_waited_for_as_any_tasks() {
    let ((), report) = life(async {
        let stop = requested();
        manage(State(tokio::spawn(async {
            stop.await;
            sleep(ms(20)).await;
            Err::<(), _>("3 messages are lost")
        })));
        sleep(ms(5)).await;
        request("stop");
    });
    assert_eq!(report.reason, Reason::Requested("stop".into()));
    assert_eq!(
        lines(&report),
        ["task failed: 3 messages are lost 0-20", "db closed 20-30"]
    );
}

#[test]
fn at_its_limit_the_task_is_aborted() {
    let ((), report) = life(async {
        let held = Arc::new(());
        let theirs = held.clone();
        // Deferred first, closed last.
        defer("held", |_| async move { Arc::strong_count(&held) == 1 });
        manage(State(tokio::spawn(async move {
            pending::<()>().await;
            drop(theirs);
        })));
        request("stop");
    });
    assert_eq!(
        lines(&report),
        [
            "task timed out 0-100",
            "db closed 100-110",
            "held closed 110-110"
        ]
    );
}

#[test]
fn each_task_of_several_is_watched_by_its_name() {
    let forever = || tokio::spawn(pending::<()>());
    let ends = || tokio::spawn(async {});
    let reason = |report: Report| report.reason.to_string();
    let listed = stopped_by(|| State(vec![forever(), ends()]));
    assert_eq!(
        lines(&listed)[1..3],
        ["task.0 timed out 0-100", "task.1 closed 0-0"]
    );
    assert_eq!(reason(listed), "critical task `task.1` ended");
    let queued = stopped_by(|| State(VecDeque::from([forever(), ends()])));
    assert_eq!(reason(queued), "critical task `task.1` ended");
    let counted = stopped_by(|| State([ends(), forever()]));
    assert_eq!(reason(counted), "critical task `task.0` ended");
    let keyed = stopped_by(|| State(BTreeMap::from([("eu", forever()), ("us", ends())])));
    assert_eq!(reason(keyed), "critical task `task.us` ended");
    let boxed = stopped_by(|| State(Box::new(Some(ends()))));
    assert_eq!(reason(boxed), "critical task `task` ended");
}

#[test]
fn where_there_is_no_task_none_can_end() {
    let ((), report) = life(async {
        manage(State(None::<JoinHandle<()>>));
        sleep(ms(5)).await;
        request("stop");
    });
    assert_eq!(report.reason, Reason::Requested("stop".into()));
    assert_eq!(lines(&report)[0], "task nothing to close 0-0");
}

#[test]
fn those_of_a_state_in_another_are_watched() {
    let ends = || State(tokio::spawn(async {}));
    for report in [
        stopped_by(|| Outer(ends())),
        stopped_by(|| Outer(Some(Box::new(ends())))),
    ] {
        let reason = report.reason.to_string();
        assert_eq!(reason, "critical task `inner.task` ended");
    }
    let report = stopped_by(|| Outer(vec![ends()]));
    assert_eq!(
        report.reason.to_string(),
        "critical task `inner.0.task` ended"
    );
    let report = stopped_by(|| (ends(),));
    assert_eq!(report.reason.to_string(), "critical task `0.task` ended");
}

#[test]
fn a_state_that_is_not_handed_over_is_not_watched() {
    let ((), report) = life(async {
        drop(State(tokio::spawn(async {})));
        // Closed by hand.
        defer("state", |cx| State(tokio::spawn(async {})).shutdown(cx));
        sleep(ms(5)).await;
        request("stop");
    });
    assert_eq!(report.reason, Reason::Requested("stop".into()));
    assert_eq!(report.exit_code, 0);
}

#[test]
fn taken_back_its_task_goes_on_and_nobody_hears_of_its_end() {
    let (ended, report) = life(async {
        let (end, ended) = tokio::sync::oneshot::channel();
        let managed = manage(State(tokio::spawn(async {
            sleep(ms(20)).await;
            let _ = end.send(());
        })));
        sleep(ms(5)).await;
        assert!(managed.cancel());
        ended.await
    });
    assert!(ended.is_ok());
    assert_eq!(report.reason, Reason::MainReturned);
}

#[tokio::test]
async fn the_host_hears_of_it() {
    let embedded = Embedded::new();
    embedded.run(State(tokio::spawn(async { Err::<(), _>("lost") })));
    let reason = embedded.wanted().await;
    assert_eq!(reason.to_string(), "critical task `task` failed: lost");
    let report = embedded.stop(ms(60_000)).await;
    assert_eq!(report.exit_code, 1);
}

#[test]
#[should_panic(expected = "`task` is a critical task: its state has to be handed over inside")]
fn without_a_runtime_it_is_refused() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let state = State(runtime.spawn(async {}));
    Embedded::new().run(state);
}

/// Nobody else has it: it is the state's as much as any other field.
#[test]
fn a_task_in_a_lock_that_nobody_shares_is_watched_too() {
    fn ended_in<S: Shutdown>(wrap: impl FnOnce(State<JoinHandle<()>>) -> S) -> String {
        let report = stopped_by(|| Outer(wrap(State(tokio::spawn(sleep(ms(5)))))));
        report.reason.to_string()
    }
    let all = [
        ended_in(|state| state),
        ended_in(Mutex::new),
        ended_in(std::sync::RwLock::new),
        ended_in(std::sync::OnceLock::from),
        ended_in(tokio::sync::Mutex::new),
        ended_in(tokio::sync::RwLock::new),
        ended_in(tokio::sync::OnceCell::from),
    ];
    assert_eq!(all, ["critical task `inner.task` ended"; 7]);
}
