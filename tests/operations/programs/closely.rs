//! A service of which everything is written that it waits for: of the level that its argument names.

use crate::parts::{Hangs, Slow};
use graceful::{Handle, Phase};
use std::future::pending;
use std::time::Duration;
use tokio::time::sleep;
use tracing::Level;
use tracing::field::{Field, Visit};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "1s")]
    sender: Slow,
    #[shutdown(timeout = "100ms")]
    hangs: Hangs,
}

#[graceful::main(timeout = "5s", blocking_grace = "100ms")]
pub(crate) async fn main() -> App {
    let level: LevelFilter = match std::env::args().nth(2).as_deref() {
        Some("debug") => Level::DEBUG.into(),
        _ => Level::INFO.into(),
    };
    let subscriber = tracing_subscriber::registry().with(Prints.with_filter(level));
    tracing::subscriber::set_global_default(subscriber).expect("it is the first one");
    let handle = Handle::current();
    // Nobody tracks it, and it is alive at the end.
    tokio::spawn(async move {
        // Before that there is no delay: nobody is served yet.
        while handle.phase() != Phase::Running {
            sleep(Duration::from_millis(1)).await;
        }
        println!("ready");
        pending::<()>().await;
    });
    App {
        sender: Slow(Duration::from_millis(100)),
        hangs: Hangs,
    }
}

struct Prints;

impl<S: tracing::Subscriber> Layer<S> for Prints {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "graceful" {
            let level = *event.metadata().level();
            event.record(&mut Message(level));
        }
    }
}

struct Message(Level);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            println!("{} {value:?}", self.0);
        }
    }
}
