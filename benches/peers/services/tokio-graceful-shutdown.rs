//! With tokio-graceful-shutdown: a subsystem for each part, each behind the end of the one before it, as in its example
//! `19_sequential_shutdown`; the end of one ends the rest, as in `10_request_shutdown`; the start-up is cancelled by a
//! signal, as in `09_task_cancellation` (<https://docs.rs/tokio-graceful-shutdown>). It has no limits for one: a `timeout` by hand.

use graceful_peers::service::{self, Error};
use tokio_graceful_shutdown::{
    FutureExt, SubsystemBuilder, SubsystemFinishedFuture, SubsystemHandle, Toplevel,
};

fn main() -> Result<(), Error> {
    service::runtime().block_on(service::with_lease(serve()))
}

async fn serve() -> Result<(), Error> {
    Toplevel::new(async |top: &mut SubsystemHandle| {
        top.start(SubsystemBuilder::new("service", start));
    })
    .catch_signals()
    .handle_shutdown_requests(service::budget())
    .await
    .map_err(Into::into)
}

async fn start(subsystem: &mut SubsystemHandle) -> Result<(), Error> {
    let Ok(parts) = service::open().cancel_on_shutdown(subsystem).await else {
        return Ok(());
    };
    let mut before: Option<SubsystemFinishedFuture> = None;
    for part in parts? {
        let one_before = before.take();
        let turn = async move {
            if let Some(before) = one_before {
                before.await;
            }
        };
        let one = async move |subsystem: &mut SubsystemHandle| {
            part.run(subsystem.on_shutdown_requested(), turn).await?;
            subsystem.request_shutdown();
            Ok::<_, Error>(())
        };
        before = Some(
            subsystem
                .start(SubsystemBuilder::new("part", one))
                .finished(),
        );
    }
    subsystem.wait_for_children().await;
    Ok(())
}
