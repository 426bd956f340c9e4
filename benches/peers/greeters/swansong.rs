//! With swansong, as in its documentation (<https://docs.rs/swansong>); the signals are by hand:
//!
//! ```toml
//! swansong = "0.3"
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "time"] }
//! ```

use std::time::Duration;
use swansong::Swansong;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

async fn greet(listener: TcpListener, swansong: Swansong) -> std::io::Result<()> {
    while let Some(accepted) = swansong.interrupt(listener.accept()).await {
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
    let swansong = Swansong::new();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = tokio::spawn(swansong.guarded(greet(listener, swansong.clone())));
    println!("ready");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    let stopped = tokio::time::timeout(Duration::from_secs(10), swansong.shut_down()).await;
    stopped.map_err(|_| std::io::Error::other("the server did not stop"))?;
    server.await?
}
