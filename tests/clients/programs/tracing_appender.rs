//! `tracing-appender`: a log file that is written by a thread.

use crate::service::{Beside, load};
use graceful::Result;
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
    #[shutdown(last)]
    log: WorkerGuard,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let file = std::env::var_os("FILE").expect("FILE");
    let file = std::fs::File::create(file)?;
    let (writer, log) = tracing_appender::non_blocking(file);
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .init();
    let load = load(|| async {
        tracing::info!("a piece of work");
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(())
    });
    Ok(Service {
        load,
        beside: Beside,
        log,
    })
}
