//! With tokio-util's `CancellationToken` and `TaskTracker`, as <https://tokio.rs/tokio/topics/shutdown> has it, and
//! a `DropGuard` of the token in each task, so that the end of one, or its panic, stops the rest.

use graceful_peers::service::{self, Error};
use graceful_peers::signals::Signals;
use graceful_peers::turn::in_order;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn main() -> Result<(), Error> {
    service::runtime().block_on(service::with_lease(serve()))
}

async fn serve() -> Result<(), Error> {
    let mut signals = Signals::new()?;
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let parts = tokio::select! {
        parts = service::open() => parts?,
        () = signals.recv() => return Ok(()),
    };
    let tasks: Vec<_> = in_order(parts)
        .map(|(part, turn)| {
            let (told, stops_the_rest) = (stop.clone(), stop.clone().drop_guard());
            tracker.spawn(async move {
                let _stops_the_rest = stops_the_rest;
                part.run(told.cancelled(), turn).await
            })
        })
        .collect();
    tracker.close();
    tokio::select! {
        () = signals.recv() => stop.cancel(),
        () = stop.cancelled() => {}
    }
    let drained = timeout(service::budget(), tracker.wait()).await;
    drained.map_err(|_| "the budget is spent")?;
    for task in tasks {
        task.await??;
    }
    Ok(())
}
