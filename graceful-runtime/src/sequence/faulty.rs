//! A close that a test wants to go wrong.

use crate::context::{Close, Context};
use crate::fault::{Fault, Faults};
use crate::outcome::Result;
use std::future::pending;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, sleep_until};

/// The close of a step as a test wants it. Where it is two the fault is for the first of them.
pub(super) fn as_tested(faults: &Arc<Faults>, cx: &Context, close: Close) -> Close {
    if close.is_forced() {
        close
    } else {
        with_fault(faults, cx.name(), close)
    }
}

/// The close of the step of this name, with the fault that it is to have.
pub(super) fn with_fault(faults: &Arc<Faults>, name: &str, close: Close) -> Close {
    let Some(fault) = faults.of(name) else {
        return close;
    };
    let is_paused = faults.paused;
    let blocks = match fault {
        Fault::Block(time) if !is_paused => Some(time),
        _ => None,
    };
    Close::new(move |cx| {
        // In the timeline, so that nobody looks for the reason in the program.
        cx.progress(format!("a fault, {fault}"));
        if let Some(time) = blocks {
            std::thread::sleep(time);
        }
        go_wrong(fault, is_paused, close, cx)
    })
}

async fn go_wrong(fault: Fault, is_paused: bool, close: Close, cx: Context) -> Result {
    match fault {
        Fault::Hang => {
            let _held = close;
            pending().await
        }
        Fault::Panic(message) => {
            let _held = close;
            resume_unwind(Box::new(message))
        }
        Fault::Fail(text) => {
            drop(close);
            Err(text.into())
        }
        Fault::Slow(time) => {
            sleep(time).await;
            close.begin(cx).await
        }
        Fault::Block(time) if is_paused => block_on_the_clock(time, close, cx).await,
        Fault::Block(_) => close.begin(cx).await,
    }
}

/// What a thread holds that is blocked: nothing takes it away.
struct Held {
    close: Option<Close>,
    until: Instant,
}

async fn block_on_the_clock(time: Duration, close: Close, cx: Context) -> Result {
    let mut held = Held {
        close: Some(close),
        until: Instant::now() + time,
    };
    sleep_until(held.until).await;
    match held.close.take() {
        Some(close) => close.begin(cx).await,
        None => Ok(()),
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(close) = self.close.take() else {
            return;
        };
        let until = self.until;
        // Without a runtime the test is over, and the block with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                sleep_until(until).await;
                drop(close);
            });
        }
    }
}
