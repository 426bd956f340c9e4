//! With tokio-graceful-shutdown, as in its README (<https://docs.rs/tokio-graceful-shutdown>):
//!
//! ```toml
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
//! tokio-graceful-shutdown = "0.20"
//! ```

use std::time::Duration;
use tokio::net::TcpListener;
use tokio_graceful_shutdown::{SubsystemBuilder, SubsystemHandle, Toplevel};

async fn greet(listener: TcpListener, subsystem: &mut SubsystemHandle) -> std::io::Result<()> {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = subsystem.on_shutdown_requested() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = async |subsystem: &mut SubsystemHandle| {
        println!("ready");
        greet(listener, subsystem).await
    };
    Toplevel::new(async |top: &mut SubsystemHandle| {
        top.start(SubsystemBuilder::new("server", server));
    })
    .catch_signals()
    .handle_shutdown_requests(Duration::from_secs(10))
    .await
    .map_err(Into::into)
}
