//! A close that a test wants to go wrong.

use super::{Close, begun};
use crate::board::Begun;
use crate::context::Context;
use crate::fault::Fault;
use crate::outcome::Result;
use std::future::pending;
use std::panic::resume_unwind;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, sleep_until};

/// Begins `close` as its fault says.
pub(super) fn begun_with(fault: Fault, close: Close, cx: Context) -> Begun {
    // In the timeline, so that nobody looks for the reason in the program.
    cx.progress(format!("a fault, {fault}"));
    match fault {
        Fault::Hang => begun(async {
            let _held = close;
            pending().await
        }),
        Fault::Panic(message) => begun(async move {
            let _held = close;
            resume_unwind(Box::new(message))
        }),
        Fault::Fail(text) => begun(async move {
            drop(close);
            Err(text.into())
        }),
        Fault::Slow(time) => begun(async move {
            sleep(time).await;
            close.run(cx).await
        }),
        Fault::Block(time) if cx.board.is_paused() => begun(block_on_the_clock(time, close, cx)),
        Fault::Block(time) => {
            std::thread::sleep(time);
            close.begin(cx)
        }
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
        Some(close) => close.run(cx).await,
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
