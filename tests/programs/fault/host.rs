//! A program whose `main` is its own, and which starts lives beside others.

use crate::app::FOR_EVER;
use crate::marks::{mark, ready};
use graceful::{Builder, Embedded, Handle};
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

pub(crate) fn run(fault: &str) -> ExitCode {
    match fault {
        "refused runs" => refused_runs(),
        "no descriptor is left" => no_descriptor_is_left(),
        "one life after another" => one_life_after_another(),
        "runs again after each" => runs_again_after_each(),
        "goes on behind its service" => goes_on_behind_its_service(),
        "forks" => forks(&crate::fault()),
        _ => panic!("no fault {fault:?}"),
    }
    ExitCode::SUCCESS
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built")
}

/// What code outside of every life finds.
fn mark_current() {
    mark(&format!("current: {:?}", Handle::try_current()));
}

/// Runs that can't begin; the host catches their panics and goes on.
fn refused_runs() {
    let within = Duration::from_millis(100);
    let inside = catch_unwind(|| {
        let nested = async { Builder::current_thread().timeout(within).run(async {}) };
        runtime().block_on(nested);
    });
    let without_workers = catch_unwind(|| {
        Builder::multi_thread()
            .worker_threads(0)
            .timeout(within)
            .run(async {});
    });
    assert!(inside.is_err() && without_workers.is_err());
    mark_current();
    ready();
    thread::sleep(Duration::from_secs(10));
}

/// A service in a function, in a process that has something left to do and a standard error that is never free again.
fn goes_on_behind_its_service() {
    #[graceful::main(timeout = "1s")]
    async fn serve() -> u8 {
        ready();
        graceful::requested().await;
        7
    }
    thread::spawn(|| {
        let _held = std::io::stderr().lock();
        thread::sleep(FOR_EVER);
    });
    thread::sleep(Duration::from_millis(50));
    let served = serve();
    // Longer than a main thread that is stuck is waited for.
    thread::sleep(Duration::from_millis(800));
    mark(&format!("served {served}"));
}

fn one_life_after_another() {
    let runtime = runtime();
    let stopped = Embedded::new();
    runtime.block_on(stopped.stop(Duration::from_secs(10)));
    let running = Embedded::new();
    running.run(None::<tokio::task::AbortHandle>);
    for service in [&stopped, &running] {
        runtime.block_on(service.handle().scope(async { mark_current() }));
    }
    mark_current();
}

/// A service that has to be closed though nothing can be opened any more, and fails.
fn no_descriptor_is_left() {
    let runtime = runtime();
    let service = Embedded::new();
    service.handle().defer("db", |_| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err::<(), _>("connection reset by peer")
    });
    let mut taken = Vec::new();
    while let Ok(file) = std::fs::File::open("/dev/null") {
        taken.push(file);
    }
    let report = runtime.block_on(service.stop(Duration::from_secs(5)));
    drop(taken);
    for step in &report.steps {
        mark(&format!("{} {}", step.name, step.outcome));
    }
}

/// A service that its own loop starts again, as for a new configuration.
fn runs_again_after_each() {
    let life = || Builder::current_thread().timeout(Duration::from_secs(5));
    life().run(async {
        graceful::defer("lease", |_| async {
            ready();
            tokio::time::sleep(Duration::from_millis(300)).await;
            mark("closed lease");
        });
    });
    mark("runs again");
    life().run(async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        mark("was not stopped");
    });
    mark("went on");
}

/// A child that is forked once the lifecycle has begun, and what it does with that.
#[graceful::main(flavor = "current_thread", timeout = "1s")]
async fn forks(child: &str) {
    let handle = Handle::current();
    match fork::fork().expect("a process can be forked") {
        fork::Fork::Parent(child) => {
            let ended = fork::waitpid(child).expect("it is our child");
            mark(&format!("the child ended with {}", ended >> 8));
        }
        fork::Fork::Child => match child {
            "returns" => {}
            "awaits" => tokio::time::sleep(Duration::from_millis(1)).await,
            "asks" => drop(handle.is_requested()),
            "requests" => graceful::request("it is enough"),
            "defers" => drop(graceful::defer("lease", async |_| {})),
            _ => panic!("no child {child:?}"),
        },
    }
}
