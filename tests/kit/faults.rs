//! Each fault, on each kind of step.

use crate::kit::ms;
use graceful::testing::{AssertReport as _, Fault, run};
use graceful::{Context, Result, Shutdown};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// Says when it is closed and when it is dropped, each once.
struct Probe {
    said: Said,
    name: &'static str,
}

type Said = Arc<Mutex<Vec<String>>>;

impl Probe {
    fn say(&self, what: &str) {
        self.said
            .lock()
            .unwrap()
            .push(format!("{} {what}", self.name));
    }
}

impl Shutdown for Probe {
    async fn shutdown(self, _cx: Context) -> Result {
        sleep(ms(10)).await;
        self.say("closed");
        Ok(())
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.say("dropped");
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "500ms")]
    http: Probe,
    #[shutdown(timeout = "200ms")]
    db: Probe,
}

fn probes() -> (Said, impl Fn(&'static str) -> Probe) {
    let said = Said::default();
    let probe = {
        let said = said.clone();
        move |name| Probe {
            said: said.clone(),
            name,
        }
    };
    (said, probe)
}

/// The report of an `App` whose `http` has this fault, and what its fields said.
fn with(fault: Fault) -> (Arc<graceful::Report>, Vec<String>) {
    let (said, probe) = probes();
    let build = async move || App {
        http: probe("http"),
        db: probe("db"),
    };
    let report = run(build).fault("http", fault).report();
    report.assert_closed("db").assert_order(["http", "db"]);
    let said = said.lock().unwrap().clone();
    (report, said)
}

#[test]
fn without_a_fault_everything_closes() {
    let (said, probe) = probes();
    let report = run(async move || App {
        http: probe("http"),
        db: probe("db"),
    })
    .report();
    report.assert_clean();
    assert_eq!(report.total, ms(20));
    let said = said.lock().unwrap().clone();
    assert_eq!(
        said,
        ["http closed", "http dropped", "db closed", "db dropped"]
    );
}

#[test]
fn a_hang_lasts_until_the_limit() {
    let (report, said) = with(Fault::Hang);
    report.assert_timed_out("http");
    let http = report.step("http").unwrap();
    assert_eq!(http.progress.as_deref(), Some("a fault, hang"));
    assert_eq!(report.started("db"), ms(500));
    assert_eq!(said, ["http dropped", "db closed", "db dropped"]);
}

#[test]
fn a_panic_is_caught_with_its_message() {
    let (report, said) = with(Fault::Panic("out of luck"));
    report.assert_panicked("http", "out of luck");
    assert_eq!(report.started("db"), ms(0));
    assert_eq!(said, ["http dropped", "db closed", "db dropped"]);
}

#[test]
fn a_failure_has_its_text() {
    let (report, said) = with(Fault::Fail("connection reset"));
    report.assert_failed("http", "connection reset");
    assert_eq!(report.exit_code, 1);
    assert_eq!(said, ["http dropped", "db closed", "db dropped"]);
}

#[test]
fn a_slow_close_closes_after_all() {
    let (report, said) = with(Fault::Slow(ms(300)));
    report.assert_clean();
    assert_eq!(report.ended("http"), ms(310));
    assert_eq!(said[0], "http closed");
}

#[test]
fn a_close_that_is_too_slow_is_dropped_at_its_limit() {
    let (report, said) = with(Fault::Slow(ms(495)));
    report.assert_timed_out("http");
    assert_eq!(said[0], "http dropped");
}

#[test]
fn a_block_within_the_limit_is_followed_by_the_close() {
    let (report, said) = with(Fault::Block(ms(300)));
    report.assert_clean();
    assert_eq!(report.ended("http"), ms(310));
    assert_eq!(said[0], "http closed");
}

/// Which is what sets it apart from a hang.
#[test]
fn what_a_block_holds_outlives_the_limit() {
    let (report, said) = with(Fault::Block(ms(505)));
    report.assert_timed_out("http");
    assert_eq!(report.started("db"), ms(500));
    assert_eq!(said[..2], ["http dropped", "db closed"]);
    let (_, said) = with(Fault::Block(ms(511)));
    assert_eq!(said[..2], ["db closed", "db dropped"]);
}

/// A real thread, which the others do without.
#[test]
fn in_real_time_a_block_blocks_a_thread() {
    struct Here(mpsc::UnboundedSender<(ThreadId, Instant)>);
    impl Shutdown for Here {
        async fn shutdown(self, _cx: Context) -> Result {
            self.0.send((std::thread::current().id(), Instant::now()))?;
            Ok(())
        }
    }
    #[derive(graceful::Shutdown)]
    struct Both {
        #[shutdown(timeout = "10s")]
        blocked: Here,
        #[shutdown(order = 0, timeout = "10s")]
        free: Here,
    }
    let (sender, mut closed) = mpsc::unbounded_channel();
    let report = run(async move || Both {
        blocked: Here(sender.clone()),
        free: Here(sender),
    })
    .fault("blocked", Fault::Block(ms(300)))
    .real_time()
    .report();
    report.assert_clean();
    let (free, blocked) = (closed.try_recv().unwrap(), closed.try_recv().unwrap());
    assert_ne!(free.0, blocked.0);
    assert!(blocked.1 - free.1 > ms(100), "{report}");
    assert!(report.step("blocked").unwrap().took >= ms(300), "{report}");
}

#[test]
fn in_real_time_a_block_past_the_limit_holds_nothing_up() {
    #[derive(graceful::Shutdown)]
    struct Both {
        #[shutdown(timeout = "100ms", drop)]
        blocked: (),
        #[shutdown(timeout = "10s", drop)]
        db: (),
    }
    run(async || Both {
        blocked: (),
        db: (),
    })
    .fault("blocked", Fault::Block(Duration::from_secs(90)))
    .real_time()
    .report()
    .assert_timed_out("blocked")
    .assert_closed("db")
    .assert_within(Duration::from_secs(20));
}

#[derive(graceful::Shutdown)]
struct Outer {
    #[shutdown]
    inner: App,
    #[shutdown(timeout = "1s", drop)]
    last: (),
}

fn outer() -> (Said, impl AsyncFnOnce() -> Outer + Send + 'static) {
    let (said, probe) = probes();
    let build = async move || Outer {
        inner: App {
            http: probe("http"),
            db: probe("db"),
        },
        last: (),
    };
    (said, build)
}

#[test]
fn nested_fields_have_dotted_names() {
    let (_, build) = outer();
    run(build)
        .fault("inner.db", Fault::Fail("disk full"))
        .report()
        .assert_closed("inner.http")
        .assert_failed("inner.db", "disk full")
        .assert_failed("inner", "not closed: `inner.db`")
        .assert_closed("last");
}

#[test]
fn a_whole_struct_may_hang() {
    let (said, build) = outer();
    let report = run(build)
        .fault("inner", Fault::Hang)
        .fault("inner.db", Fault::Hang)
        .report();
    report.assert_timed_out("inner").assert_closed("last");
    assert!(report.step("inner.http").is_none(), "{report}");
    assert_eq!(*said.lock().unwrap(), ["http dropped", "db dropped"]);
}

#[test]
fn a_whole_struct_may_be_late_and_then_closes_step_by_step() {
    for fault in [Fault::Slow(ms(200)), Fault::Block(ms(200))] {
        let (said, build) = outer();
        let report = run(build).fault("inner", fault).report();
        report
            .assert_clean()
            .assert_order(["inner.http", "inner.db", "last"]);
        assert_eq!(report.started("inner.http"), ms(200));
        assert_eq!(report.ended("inner"), ms(220));
        assert_eq!(said.lock().unwrap()[0], "http closed");
    }
}

#[test]
fn a_late_struct_is_cut_with_all_its_steps() {
    let (said, build) = outer();
    let report = run(build)
        .budget(ms(2000))
        .fault("inner", Fault::Slow(ms(900)))
        .fault("inner.http", Fault::Hang)
        .fault("inner.db", Fault::Hang)
        .report();
    assert_eq!(report.started("inner.http"), ms(900));
    report
        .assert_timed_out("inner")
        .assert_timed_out("inner.http")
        .assert_timed_out("inner.db")
        .assert_closed("last");
    assert_eq!(report.ended("inner"), ms(1000));
    assert_eq!(*said.lock().unwrap(), ["http dropped", "db dropped"]);
}

#[derive(graceful::Shutdown)]
enum Server {
    Plain {
        #[shutdown(timeout = "1s", drop)]
        http: (),
    },
    Both {
        #[shutdown(timeout = "1s", drop)]
        http: (),
        #[shutdown(timeout = "1s", drop)]
        grpc: (),
    },
}

#[test]
fn a_field_of_a_variant_may_be_faulty() {
    let both = async || Server::Both { http: (), grpc: () };
    run(both)
        .fault("http", Fault::Hang)
        .report()
        .assert_timed_out("http")
        .assert_closed("grpc");
    run(async || Server::Plain { http: () })
        .fault("http", Fault::Panic("gone"))
        .report()
        .assert_panicked("http", "gone");
}

#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown(timeout = "1s")]
    queue: Mutex<Option<Probe>>,
    #[shutdown(timeout = "1s", method = close)]
    db: Db,
}

struct Db;

impl Db {
    async fn close(&self) {
        sleep(ms(10)).await;
    }
}

/// What it holds stays where the others find it.
#[test]
fn a_field_that_others_hold_too_may_be_faulty() {
    let (said, probe) = probes();
    let queue = Arc::new(Mutex::new(None));
    let kept = queue.clone();
    let build = async move || {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Some(probe("queue"))),
            db: Db,
        });
        *kept.lock().unwrap() = Some(shared.clone());
        shared
    };
    run(build)
        .fault("queue", Fault::Hang)
        .fault("db", Fault::Fail("gone"))
        .report()
        .assert_timed_out("queue")
        .assert_failed("db", "gone");
    assert!(said.lock().unwrap().is_empty());
    drop(queue.lock().unwrap().take());
    assert_eq!(*said.lock().unwrap(), ["queue dropped"]);
}

#[test]
fn items_of_collections_may_be_faulty() {
    let (_, probe) = probes();
    run(async move || vec![probe("first"), probe("second")])
        .fault("1", Fault::Fail("gone"))
        .report()
        .assert_closed("0")
        .assert_failed("1", "gone");
}

#[test]
fn so_may_what_was_deferred_or_managed() {
    let (_, probe) = probes();
    run(async move || {
        graceful::defer("lease", |_| async {});
        graceful::manage(App {
            http: probe("http"),
            db: probe("db"),
        });
        Some(tokio::spawn(async {}))
    })
    .fault("lease", Fault::Fail("still held"))
    .fault("db", Fault::Hang)
    .report()
    .assert_closed("http")
    .assert_timed_out("db")
    .assert_failed("lease", "still held")
    .assert_order(["http", "db", "lease"]);
}
