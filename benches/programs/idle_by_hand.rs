//! The same by hand: a task is told to stop through a channel, and waited for.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stop, mut stopped) = watch::channel(false);
    let task = tokio::spawn(async move { stopped.changed().await.is_ok() });
    println!("ready");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    eprintln!("stopping");
    let _ = stop.send(true);
    task.await?;
    Ok(())
}
