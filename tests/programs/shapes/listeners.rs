//! Other listeners of tokio's, in the program and in its libraries.

mod part;

use part::{App, ready_once_running};
use std::io::Result;
use tokio::signal::unix::{SignalKind, signal};

/// As a library does that knows nothing of its program.
fn library(kind: SignalKind, name: &'static str) -> Result<()> {
    let mut signals = signal(kind)?;
    tokio::spawn(async move {
        while let Some(()) = signals.recv().await {
            println!("the library hears {name}");
        }
    });
    Ok(())
}

#[graceful::main(delay = "200ms")] // for the lines to have an order
async fn main() -> Result<App> {
    library(SignalKind::terminate(), "SIGTERM")?;
    library(SignalKind::interrupt(), "SIGINT")?;
    library(SignalKind::hangup(), "SIGHUP")?;
    ready_once_running();
    Ok(App::new())
}
