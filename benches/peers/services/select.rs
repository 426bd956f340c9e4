//! By hand: `select!` on the signals, then one close after the other, each within its limit and all within
//! the budget, as <https://tokio.rs/tokio/topics/shutdown> begins. A task for what runs, none for a close.

use graceful_peers::service::{self, Error, Part};
use graceful_peers::signals::Signals;
use std::future::pending;
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
    let first = parts[0].clone();
    let mut first = tokio::spawn(async move { first.serve(pending()).await });
    let ended = tokio::select! {
        () = signals.recv() => Ok(()),
        ended = &mut first => ended.unwrap_or_else(|panic| Err(panic.into())),
    };
    let closed = timeout(service::budget(), close(parts)).await;
    closed.map_err(|_| "the budget is spent")??;
    ended
}

/// Goes on after one that fails, and says so at the end.
async fn close(parts: Vec<Part>) -> Result<(), Error> {
    let mut closed = Ok(());
    for part in parts {
        if let Err(error) = part.close_in_time().await {
            tracing::error!(error);
            closed = Err(error);
        }
    }
    closed
}
