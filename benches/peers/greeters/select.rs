//! By hand, with `select!` and a channel, as in <https://tokio.rs/tokio/topics/shutdown>:
//!
//! ```toml
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "sync", "time"] }
//! ```

use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

async fn greet(listener: TcpListener, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            _ = stop.changed() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(greet(listener, stopped));
    println!("ready");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    let _ = stop.send(true);
    match tokio::time::timeout(Duration::from_secs(10), server).await {
        Ok(Ok(ended)) => ended,
        _ => Err(std::io::Error::other("the server did not stop")),
    }
}
