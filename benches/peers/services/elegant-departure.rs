//! With elegant-departure: a guard for each part, which shuts down when it is dropped (`shutdown_on_drop`), and a
//! `timeout` around `shutdown`, as in its example "Simple worker" (<https://docs.rs/elegant-departure>). It has no order: a channel
//! is the turn of each.

use elegant_departure::get_shutdown_guard;
use graceful_peers::service::{self, Error};
use graceful_peers::signals::Signals;
use graceful_peers::turn::in_order;
use tokio::time::timeout;

fn main() -> Result<(), Error> {
    service::runtime().block_on(service::with_lease(serve()))
}

async fn serve() -> Result<(), Error> {
    let mut signals = Signals::new()?;
    let parts = tokio::select! {
        parts = service::open() => parts?,
        () = signals.recv() => return Ok(()),
    };
    let tasks: Vec<_> = in_order(parts)
        .map(|(part, turn)| {
            let guard = get_shutdown_guard().shutdown_on_drop();
            tokio::spawn(async move { part.run(guard.wait(), turn).await })
        })
        .collect();
    let told = get_shutdown_guard();
    tokio::select! {
        () = signals.recv() => {}
        () = told.wait() => {}
    }
    // Whoever waits for the end may hold no guard.
    drop(told);
    let complete = timeout(service::budget(), elegant_departure::shutdown()).await;
    complete.map_err(|_| "the budget is spent")?;
    for task in tasks {
        task.await??;
    }
    Ok(())
}
