//! With swansong: each part is `guarded`, told by `shutting_down`, and `shut_down` is awaited within a `timeout`, as its
//! documentation has it (<https://docs.rs/swansong>). It has no signals, no limits and no order: by hand.

use graceful_peers::at_end::AtEnd;
use graceful_peers::service::{self, Error};
use graceful_peers::signals::Signals;
use graceful_peers::turn::in_order;
use swansong::Swansong;
use tokio::time::timeout;

fn main() -> Result<(), Error> {
    service::runtime().block_on(service::with_lease(serve()))
}

async fn serve() -> Result<(), Error> {
    let mut signals = Signals::new()?;
    let swansong = Swansong::new();
    let parts = tokio::select! {
        parts = service::open() => parts?,
        () = signals.recv() => return Ok(()),
    };
    let tasks: Vec<_> = in_order(parts)
        .map(|(part, turn)| {
            let (told, stops) = (swansong.shutting_down(), swansong.clone());
            let run = async move {
                let _stops_the_rest = AtEnd::new(move || drop(stops.shut_down()));
                part.run(told, turn).await
            };
            tokio::spawn(swansong.guarded(run))
        })
        .collect();
    tokio::select! {
        () = signals.recv() => {}
        () = swansong.shutting_down() => {}
    }
    let complete = timeout(service::budget(), swansong.shut_down()).await;
    complete.map_err(|_| "the budget is spent")?;
    for task in tasks {
        task.await??;
    }
    Ok(())
}
