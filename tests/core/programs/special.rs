//! Closes that need what other closes don't.

use crate::{builder, ms, ready_once_running, say};
use std::hint::black_box;
use std::process::ExitCode;
use std::rc::Rc;
use tokio::time::sleep;

const MEGABYTE: usize = 1 << 20;

/// Some 64 kB of stack for each turn.
#[allow(clippy::large_stack_arrays, reason = "it is to fill the stack")]
fn recurse(turns: usize) -> usize {
    let frame = black_box([1u8; 64 << 10]);
    if turns == 0 {
        return 0;
    }
    recurse(turns - 1) + usize::from(frame[turns % frame.len()])
}

/// As a serializer of deep data does: some 8 MB.
fn flush(_: (), _: graceful::Context) {
    let turns = 8 * MEGABYTE / (64 << 10);
    assert_eq!(recurse(turns), turns);
    say("closed journal");
}

#[derive(graceful::Shutdown)]
struct Deep {
    #[shutdown(timeout = "4s", with = flush)]
    journal: (),
}

pub(crate) fn recurses() -> ExitCode {
    let builder = builder().timeout(ms(5000));
    // In a build without optimizations a frame is copied once or twice.
    let builder = builder.closing_stack_size(64 * MEGABYTE);
    builder.run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(Deep { journal: () })
    })
}

/// What is spawned there need not be `Send`.
async fn locally() -> Result<(), tokio::task::JoinError> {
    let task = tokio::task::spawn_local(async {
        let held = Rc::new("cache");
        sleep(ms(10)).await;
        say(&format!("closed {held}"));
    });
    task.await
}

#[derive(graceful::Shutdown)]
struct Local {
    #[shutdown(timeout = "4s", with = |(), _| locally())]
    cache: (),
}

pub(crate) fn spawns_locally() -> ExitCode {
    builder().timeout(ms(5000)).run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(Local { cache: () })
    })
}
