//! States whose fields close well, and beside them the ones that don't.

use crate::marks::mark;
use crate::{executor, fault};
use graceful::{Context, Result};
use std::future::pending;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub(crate) const FOR_EVER: Duration = Duration::from_secs(90);

/// One faulty field or another, with good ones before, beside and behind it. Limits are for a busy machine: that of a fault is
/// the test's.
#[derive(graceful::Shutdown)]
#[shutdown(timeout = "8s")]
pub(crate) struct App {
    #[shutdown(timeout = "2s")]
    http: Good,
    #[shutdown(timeout = "2s")]
    queue: Faulty,
    #[shutdown(order = 1, timeout = "2s", drop)]
    guard: Guard,
    #[shutdown(order = 1, timeout = "2s")]
    cache: Good,
    #[shutdown(timeout = "2s")]
    db: Good,
}

impl App {
    pub(crate) fn new() -> Self {
        Self {
            http: Good,
            queue: Faulty(fault()),
            guard: Guard(fault()),
            cache: Good,
            db: Good,
        }
    }
}

/// Three faults in a row before the one field that closes.
#[derive(graceful::Shutdown)]
pub(crate) struct Wreck {
    #[shutdown(timeout = "200ms")]
    hangs: Faulty,
    #[shutdown(timeout = "2s")]
    panics: Faulty,
    #[shutdown(timeout = "200ms")]
    blocks: Faulty,
    #[shutdown(timeout = "2s")]
    db: Good,
}

impl Wreck {
    pub(crate) fn new() -> Self {
        Self {
            hangs: Faulty("hangs".into()),
            panics: Faulty("panics".into()),
            blocks: Faulty("blocks".into()),
            db: Good,
        }
    }
}

/// Nobody declared a limit: the whole budget is the field's.
#[derive(graceful::Shutdown)]
pub(crate) struct Single {
    #[shutdown]
    queue: Faulty,
}

impl Single {
    pub(crate) fn new() -> Self {
        Self {
            queue: Faulty(fault()),
        }
    }
}

/// What it can't do without, as a library hands it over.
#[derive(graceful::Shutdown)]
pub(crate) struct Dependent {
    #[shutdown(critical, timeout = "2s")]
    consumer: JoinHandle<Result>,
    #[shutdown(timeout = "2s")]
    db: Good,
}

impl Dependent {
    pub(crate) fn new(consumer: JoinHandle<Result>) -> Self {
        Self { consumer, db: Good }
    }
}

/// Closes with nothing but a timer.
pub(crate) struct Good;

impl graceful::Shutdown for Good {
    async fn shutdown(self, cx: Context) -> Result {
        let name = cx.name().to_owned();
        mark(&format!("{name} has {}", cx.remaining().as_millis()));
        sleep(Duration::from_millis(20)).await;
        mark(&format!("closed {name}"));
        Ok(())
    }
}

/// Closes as its fault says.
pub(crate) struct Faulty(String);

impl graceful::Shutdown for Faulty {
    async fn shutdown(self, cx: Context) -> Result {
        match &*self.0 {
            "hangs" | "hangs after a request" => {
                cx.progress("flushed 3 of 10");
                pending::<()>().await;
            }
            "hangs and its drop blocks" => {
                let _blocks = Guard("drop blocks".into());
                pending::<()>().await;
            }
            "panics" => panic!("the queue is on fire"),
            "fails" => return Err("connection reset by peer".into()),
            "blocks" => {
                cx.progress("joining the poller");
                std::thread::sleep(FOR_EVER);
            }
            "needs the blocking pool" => {
                // `std::fs` in a wrapper, as `tokio::fs` does it.
                tokio::task::spawn_blocking(|| ()).await?;
            }
            "blocks every worker" => {
                executor::block_workers(executor::workers());
                // Of the runtime whose workers are about to be gone.
                sleep(Duration::from_millis(50)).await;
            }
            _ => {}
        }
        mark(&format!("closed {}", cx.name()));
        Ok(())
    }
}

/// Closed by being dropped.
pub(crate) struct Guard(String);

impl Drop for Guard {
    fn drop(&mut self) {
        match &*self.0 {
            "drop panics" => panic!("the guard let go"),
            "drop blocks" => std::thread::sleep(FOR_EVER),
            _ => mark("closed guard"),
        }
    }
}
