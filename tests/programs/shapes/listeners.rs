//! Other listeners of tokio's, in the program and in its libraries.

mod part;

use graceful::{Context, Shutdown};
use part::{App, ready_once_running};
use std::io::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// As a library does that knows nothing of its program.
fn library(
    kind: SignalKind,
    name: &'static str,
    heard: &UnboundedSender<SignalKind>,
) -> Result<()> {
    let mut signals = signal(kind)?;
    let heard = heard.clone();
    tokio::spawn(async move {
        while let Some(()) = signals.recv().await {
            println!("the library hears {name}");
            heard.send(kind).expect("the state holds the receiver");
        }
    });
    Ok(())
}

#[derive(Shutdown)]
struct Listening {
    /// For the lines to have an order.
    #[shutdown(timeout = "5s", with = until_a_stop_is_heard)]
    heard: UnboundedReceiver<SignalKind>,
    #[shutdown]
    app: App,
}

async fn until_a_stop_is_heard(mut heard: UnboundedReceiver<SignalKind>, _cx: Context) {
    while heard.recv().await == Some(SignalKind::hangup()) {}
}

#[graceful::main]
async fn main() -> Result<Listening> {
    let (library_hears, heard) = unbounded_channel();
    library(SignalKind::terminate(), "SIGTERM", &library_hears)?;
    library(SignalKind::interrupt(), "SIGINT", &library_hears)?;
    library(SignalKind::hangup(), "SIGHUP", &library_hears)?;
    ready_once_running();
    Ok(Listening {
        heard,
        app: App::new(),
    })
}
