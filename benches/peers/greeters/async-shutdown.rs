//! With async-shutdown, as in its example `tcp-echo-server` (<https://docs.rs/async-shutdown>):
//!
//! ```toml
//! async-shutdown = "0.2"
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "time"] }
//! ```

use async_shutdown::ShutdownManager;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

async fn greet(listener: TcpListener, shutdown: ShutdownManager<i32>) -> std::io::Result<()> {
    while let Ok(accepted) = shutdown.wrap_cancel(listener.accept()).await {
        let (connection, _) = accepted?;
        connection.writable().await?;
        connection.try_write(b"hello, world\n")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let shutdown = ShutdownManager::new();
    tokio::spawn({
        let shutdown = shutdown.clone();
        async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            shutdown.trigger_shutdown(0).ok();
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = shutdown.wrap_delay_shutdown(greet(listener, shutdown.clone()));
    tokio::spawn(server.map_err(std::io::Error::other)?);
    println!("ready");
    shutdown.wait_shutdown_triggered().await;
    let stopped = shutdown.wait_shutdown_complete();
    let code = tokio::time::timeout(Duration::from_secs(10), stopped).await;
    std::process::exit(code.unwrap_or(1));
}
