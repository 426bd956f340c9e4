//! What each `main` does until it has its state, or its end.

use crate::app::{App, Dependent, FOR_EVER, Single, Wreck};
use crate::marks::{mark, ready, ready_once_running};
use crate::output::Subscriber;
use crate::{executor, fault, output};
use graceful::{Handle, Phase};
use std::future::pending;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::time::sleep;

pub(crate) async fn service() -> Result<App, graceful::Error> {
    mark("user code runs");
    output::hook_as_asked();
    open("lease");
    mark_draining();
    tokio::spawn(async {
        graceful::requested().await;
        mark("requested");
    });
    match &*fault() {
        "one worker blocked" => executor::block_workers(1),
        "every worker blocked" => executor::block_workers(executor::workers()),
        "blocking pool full" | "needs the blocking pool" => executor::fill_blocking_pool(),
        "spawn_blocking never ends" => executor::block_for_ever(),
        "stdin read pending" => executor::read_stdin(),
        "start-up waits" => {
            ready_for_ever().await;
        }
        "start-up waits, with a runtime of its own" => {
            let _own = tokio::runtime::Runtime::new()?;
            ready_for_ever().await;
        }
        "start-up waits, with what blocks in its drop" => {
            let _blocks = BlocksInPlace;
            ready_for_ever().await;
        }
        "start-up blocks" => {
            ready();
            std::thread::sleep(FOR_EVER);
        }
        "start-up fails" => return Err("the database refuses us".into()),
        "start-up panics" => panic!("the configuration is gone"),
        "exit from main" => graceful::exit(3).await,
        "exit from a task" => {
            tokio::spawn(async {
                sleep(Duration::from_millis(20)).await;
                graceful::exit(3).await;
            });
        }
        "request from a task" => {
            tokio::spawn(async {
                sleep(Duration::from_millis(20)).await;
                graceful::request("the licence has expired");
            });
        }
        "stderr floods" => output::flood_stderr(),
        "a last word" => {
            graceful::last_word("logs", async |_cx| mark("the logs are closed"));
            ready_once_running();
        }
        "the log blocks" => output::log_to(Subscriber::Blocks),
        "the log panics" => output::log_to(Subscriber::Panics),
        _ => ready_once_running(),
    }
    Ok(App::new())
}

pub(crate) fn wreck() -> Wreck {
    match &*fault() {
        "every worker blocked" => executor::block_workers(executor::workers()),
        _ => ready_once_running(),
    }
    Wreck::new()
}

/// From here on a second signal is one.
fn mark_draining() {
    tokio::spawn(async {
        graceful::draining().await;
        mark("draining");
    });
}

pub(crate) fn single() -> Single {
    mark_draining();
    match &*fault() {
        "hangs after a request" => {
            tokio::spawn(async {
                // Before that there is no field to name.
                Handle::current().reached(Phase::Running).await;
                graceful::request("the licence has expired");
                ready();
            });
        }
        _ => ready_once_running(),
    }
    Single::new()
}

pub(crate) fn dependent() -> Dependent {
    let fault = fault();
    if fault == "it ends and the log is filtered" {
        output::log_to(Subscriber::Filters);
    }
    if fault == "it ends while every worker is blocked" {
        let consumer = tokio::task::spawn_blocking(|| {
            let asked = Handle::current();
            while !asked.is_requested() {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err("2 messages are lost".into())
        });
        executor::block_workers(executor::workers());
        return Dependent::new(consumer);
    }
    let consumer = tokio::spawn(async move {
        match &*fault {
            "it is aborted" => pending().await,
            "it ends once it is asked" => {
                let asked = graceful::requested();
                ready_once_running();
                asked.await;
                sleep(Duration::from_millis(50)).await;
                mark("consumer has ended");
            }
            "it listens for itself" => {
                use tokio::signal::unix::{SignalKind, signal};
                let mut terminated = signal(SignalKind::terminate())?;
                ready_once_running();
                terminated.recv().await;
            }
            "it never ends" => {
                let _gone = MarksItsDrop("consumer");
                ready_once_running();
                pending::<()>().await;
            }
            _ => sleep(Duration::from_millis(50)).await,
        }
        match &*fault {
            "it fails" => Err("connection lost".into()),
            "it panics" => panic!("an offset is missing"),
            _ => Ok(()),
        }
    });
    if self::fault() == "it is aborted" {
        let aborts = consumer.abort_handle();
        tokio::spawn(async move {
            sleep(Duration::from_millis(50)).await;
            aborts.abort();
        });
    }
    Dependent::new(consumer)
}

/// A `main` with no state to return, and one thing that it deferred.
async fn managed() {
    graceful::manage(App::new());
    ready_once_running();
    graceful::requested().await;
}

pub(crate) async fn body() -> Result<ExitCode, graceful::Error> {
    let fault = fault();
    if !fault.ends_with("with nothing open") {
        open("lease");
    }
    let _gone = MarksItsDrop("main");
    match &*fault {
        "never asks" => ready_for_ever().await,
        "never asks while stderr floods, with nothing open" => {
            output::fill_stderr().await;
            ready_for_ever().await;
        }
        "never asks, with a runtime of its own" => {
            // Without threads, one of which may have heard.
            holds(tokio::runtime::Builder::new_current_thread().build()?).await;
        }
        "never asks, and holds what blocks in its drop" => holds(BlocksForEver).await,
        "asks and ends" => {
            ready_until_requested().await;
            sleep(Duration::from_millis(100)).await;
            mark("main has ended");
        }
        "asks after some work, and ends" => {
            works_and_asks().await;
            sleep(Duration::from_millis(100)).await;
            mark("main has ended");
        }
        "asks and never ends" | "asks and never ends, with nothing open" => {
            ready_until_requested().await;
            pending::<()>().await;
        }
        "asks and works for ever" => {
            ready_until_requested().await;
            loop {
                std::hint::spin_loop();
            }
        }
        "never asks, and stdout is full" => {
            output::fill_stdout();
            ready_for_ever().await;
        }
        "asks and never ends, and stdout is full" => {
            let requested = graceful::requested();
            output::fill_stdout();
            ready();
            requested.await;
            pending::<()>().await;
        }
        "asks and ends with 7" => {
            ready_until_requested().await;
            return Ok(7.into());
        }
        "asks and fails" => {
            ready_until_requested().await;
            return Err("no such table".into());
        }
        "asks and panics" => {
            ready_until_requested().await;
            panic!("index out of bounds, as always");
        }
        "asks and exits with 3" => {
            ready_until_requested().await;
            graceful::exit(3).await;
        }
        "fails while a task blocks" => {
            tokio::spawn(async { std::thread::sleep(FOR_EVER) });
            return Err("no such table".into());
        }
        "a state is managed" => managed().await,
        "a task that is managed exits" => {
            graceful::manage(tokio::spawn(exits_once_requested()));
            ready_for_ever().await;
        }
        "fails with an error that panics" => {
            executor::block_for_ever();
            return Err(Box::new(PanicsWhenShown));
        }
        "fails while the log is slow" => {
            output::log_to(Subscriber::Slow);
            executor::block_for_ever();
            return Err("no such table".into());
        }
        "returns 7" | "returns 7, with nothing open" => return Ok(7.into()),
        "listens for itself" => {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminated = signal(SignalKind::terminate())?;
            ready();
            terminated.recv().await;
        }
        "exits with 3, with nothing open" => graceful::exit(3).await,
        "fails" => return Err("no such table".into()),
        "fails while stderr floods" => {
            output::fill_stderr().await;
            return Err("no such table".into());
        }
        "panics" => panic!("index out of bounds, as always"),
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn ready_until_requested() {
    let requested = graceful::requested();
    ready();
    requested.await;
}

/// All in one poll.
async fn works_and_asks() {
    ready();
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(700) {
        std::hint::spin_loop();
    }
    graceful::requested().await;
}

async fn ready_for_ever() {
    ready();
    pending::<()>().await;
}

async fn exits_once_requested() {
    graceful::requested().await;
    graceful::exit(3).await;
}

/// Opens what only `defer` knows to close.
fn open(name: &'static str) {
    mark(&format!("opened {name}"));
    let closing = graceful::defer(name, move |_| async move {
        sleep(Duration::from_millis(20)).await;
        mark(&format!("closed {name}"));
    });
    closing.timeout(Duration::from_millis(1500));
}

struct MarksItsDrop(&'static str);

impl Drop for MarksItsDrop {
    fn drop(&mut self) {
        mark(&format!("{} was dropped", self.0));
    }
}

struct BlocksInPlace;

impl Drop for BlocksInPlace {
    fn drop(&mut self) {
        tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(10)));
        mark("it has blocked in its drop");
    }
}

async fn holds<T>(_held: T) {
    ready_for_ever().await;
}

struct BlocksForEver;

impl Drop for BlocksForEver {
    fn drop(&mut self) {
        std::thread::sleep(FOR_EVER);
    }
}

struct PanicsWhenShown;

impl std::fmt::Debug for PanicsWhenShown {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("nobody is to know")
    }
}

impl std::fmt::Display for PanicsWhenShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for PanicsWhenShown {}
