//! With tokio-graceful, as in its example `tokio_tcp` (<https://docs.rs/tokio-graceful>):
//!
//! ```toml
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
//! tokio-graceful = "0.2"
//! ```

use std::time::Duration;
use tokio::net::TcpListener;
use tokio_graceful::{Shutdown, ShutdownGuard};

async fn greet(listener: TcpListener, guard: ShutdownGuard) -> std::io::Result<()> {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = guard.cancelled() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shutdown = Shutdown::default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = shutdown.spawn_task_fn(|guard| greet(listener, guard));
    println!("ready");
    shutdown
        .shutdown_with_limit(Duration::from_secs(10))
        .await?;
    Ok(server.await??)
}
