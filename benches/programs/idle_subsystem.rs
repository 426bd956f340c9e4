//! The same on tokio-graceful-shutdown: one subsystem that waits for the stop.

use std::time::Duration;
use tokio_graceful_shutdown::{SubsystemBuilder, SubsystemHandle, Toplevel};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let task = async |subsystem: &mut SubsystemHandle| {
        println!("ready");
        subsystem.on_shutdown_requested().await;
        Ok::<_, std::io::Error>(())
    };
    Toplevel::new(async move |top: &mut SubsystemHandle| {
        top.start(SubsystemBuilder::new("task", task));
    })
    .catch_signals()
    .handle_shutdown_requests(Duration::from_secs(25))
    .await?;
    Ok(())
}
