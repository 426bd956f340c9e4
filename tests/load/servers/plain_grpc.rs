//! The control: tonic's own graceful shutdown, and what an orchestrator does where that does not end.

use graceful_load::echo::{Echo, words};
use std::io::Error;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(graceful_load::address()).await?;
    println!("{}", listener.local_addr()?);
    let stop = async move {
        terminate.recv().await;
        tokio::time::sleep(graceful_load::delay()).await;
        tokio::spawn(async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            std::process::exit(137);
        });
    };
    let server = Server::builder().add_service(Echo::new(|_| words()));
    let incoming = TcpIncoming::from(listener);
    let ended = server.serve_with_incoming_shutdown(incoming, stop).await;
    ended.map_err(Error::other)
}
