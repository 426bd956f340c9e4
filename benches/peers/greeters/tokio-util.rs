//! With tokio-util's token and tracker, as in <https://tokio.rs/tokio/topics/shutdown>:
//!
//! ```toml
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "time"] }
//! tokio-util = { version = "0.7", features = ["rt"] }
//! ```

use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

async fn greet(listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = stop.cancelled() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let server = tasks.spawn(greet(listener, stop.clone()));
    tasks.close();
    println!("ready");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
    let stopped = tokio::time::timeout(Duration::from_secs(10), tasks.wait()).await;
    stopped.map_err(|_| std::io::Error::other("the server did not stop"))?;
    server.await?
}
