//! With async-shutdown: the stop waits for what is wrapped with `wrap_delay_shutdown`, the end of one triggers it
//! (`wrap_trigger_shutdown`), and the process ends with `std::process::exit`, as in its example `tcp-echo-server`
//! (<https://docs.rs/async-shutdown>). Signals, limits and turns are by hand.

use async_shutdown::ShutdownManager;
use graceful_peers::service::{self, Error};
use graceful_peers::signals::Signals;
use graceful_peers::turn::in_order;
use tokio::time::timeout;

fn main() {
    service::runtime().block_on(async {
        let ended = service::with_lease(serve()).await;
        if let Err(error) = &ended {
            tracing::error!(error);
        }
        std::process::exit(ended.is_err().into())
    });
}

async fn serve() -> Result<(), Error> {
    let shutdown = ShutdownManager::new();
    let mut signals = Signals::new()?;
    tokio::spawn({
        let shutdown = shutdown.clone();
        async move {
            signals.recv().await;
            // It may have begun already.
            shutdown.trigger_shutdown(0).ok();
        }
    });
    let Ok(parts) = shutdown.wrap_cancel(service::open()).await else {
        return Ok(());
    };
    let mut tasks = Vec::new();
    for (part, turn) in in_order(parts?) {
        let triggered = shutdown.wait_shutdown_triggered();
        let told = async {
            triggered.await;
        };
        let run = shutdown.wrap_trigger_shutdown(1, part.run(told, turn));
        tasks.push(tokio::spawn(shutdown.wrap_delay_shutdown(run)?));
    }
    let code = shutdown.wait_shutdown_triggered().await;
    let complete = timeout(service::budget(), shutdown.wait_shutdown_complete()).await;
    complete.map_err(|_| "the budget is spent")?;
    for task in tasks {
        task.await??;
    }
    match code {
        0 => Ok(()),
        _ => Err("a part ended by itself".into()),
    }
}
