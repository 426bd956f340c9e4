//! With tokio-graceful: guarded tasks and `shutdown_with_limit`, a second signal through `with_overwrite_fn`, as in its README
//! (<https://docs.rs/tokio-graceful>); the end of a task is a signal too, as in its example `hyper_panic`.
//! It has no order: a channel is the turn of each.

use graceful_peers::at_end::AtEnd;
use graceful_peers::service::{self, Error};
use graceful_peers::turn::in_order;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_graceful::{Shutdown, default_signal};

fn main() -> Result<(), Error> {
    service::runtime().block_on(service::with_lease(serve()))
}

async fn serve() -> Result<(), Error> {
    let (exits, mut exit) = mpsc::unbounded_channel::<()>();
    let delay = service::argument(2)
        .starts_with("delay")
        .then_some(Duration::from_millis(400));
    let shutdown = Shutdown::builder()
        .with_signal(async move {
            tokio::select! {
                _ = exit.recv() => {}
                () = default_signal() => {}
            }
        })
        .maybe_with_delay(delay)
        .with_overwrite_fn(default_signal)
        .build();
    let told = shutdown.guard_weak();
    let parts = tokio::select! {
        parts = service::open() => parts?,
        () = told.cancelled() => return Ok(()),
    };
    let tasks: Vec<_> = in_order(parts)
        .map(|(part, turn)| {
            let exits = exits.clone();
            shutdown.spawn_task_fn(async move |guard| {
                // Nobody listens any more where the stop has begun.
                let _stops_the_rest = AtEnd::new(move || exits.send(()).unwrap_or(()));
                part.run(guard.cancelled(), turn).await
            })
        })
        .collect();
    shutdown.shutdown_with_limit(service::budget()).await?;
    for task in tasks {
        task.await??;
    }
    Ok(())
}
