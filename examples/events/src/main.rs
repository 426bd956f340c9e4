//! Events come from a subscription, go through a processor, and on to subscribers: `cargo run -p events`, then Ctrl-C.

mod checkpoint;
mod feed;
mod notifier;
mod processor;
mod store;

use anyhow::Context as _;
use checkpoint::Checkpoint;
use graceful::health::{self, Check, Health};
use graceful::http::Server;
use graceful_clients::consumer::{Backoff, Consumer};
use graceful_clients::queue;
use std::env;
use std::future::ready;
use std::time::Duration;
use store::Store;
use tokio::task::JoinHandle;
use tracing_appender::non_blocking::WorkerGuard;

/// How many events wait in front of each part at most.
const QUEUE: usize = 100;

/// What fails so often is put aside.
const ATTEMPTS: u32 = 3;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "20s")]
struct Events {
    /// Upstream is closed first. It may end at no other time: without its events the service is of no use.
    #[shutdown(timeout = "2s", critical)]
    feed: JoinHandle<anyhow::Result<()>>,
    /// What was accepted is processed, and sent on.
    #[shutdown(timeout = "6s")]
    processor: Consumer,
    /// Only then downstream: nobody sends to it any more.
    #[shutdown(timeout = "6s")]
    notifier: Consumer,
    /// How far it came. The next start goes on from there.
    #[shutdown(timeout = "1s", with = Checkpoint::save)]
    checkpoint: Checkpoint,
    #[shutdown(timeout = "3s", method = close)]
    store: Store,
    #[shutdown(timeout = "1s")]
    admin: Server,
    /// After the last word of everything else.
    #[shutdown(last)]
    logs: WorkerGuard,
}

#[graceful::main]
async fn main() -> anyhow::Result<Events> {
    let admin_address = variable("ADMIN_ADDRESS", "127.0.0.1:9990");
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        health::ask(admin_address, "/livez").await?;
        graceful::exit(0).await;
    }
    let (writer, logs) = tracing_appender::non_blocking(std::io::stdout());
    tracing_subscriber::fmt().with_writer(writer).init();
    let file = variable("DATABASE", "events.db");
    let store = Store::open(&file).await.context(file)?;
    let checkpoint = Checkpoint::load(store.clone()).await?;

    let (notices, source) = queue::bounded(QUEUE);
    // What it has no time for is not marked as heard, and is sent again at the next start.
    let heard = store.clone();
    let notifier = Consumer::of(source.left_over(|_| ready(()))).run("notifier", move |event| {
        notifier::notify(heard.clone(), event)
    });

    for event in store.not_notified().await? {
        notices.send(event).await?;
    }

    let (events, source) = queue::bounded(QUEUE);
    let (stored, reached) = (store.clone(), checkpoint.clone());
    let (dead_letters, given_up) = (store.clone(), checkpoint.clone());
    let processor = Consumer::of(source.left_over(store.put_aside()))
        .concurrency(4)
        .backoff(Backoff::new(
            Duration::from_millis(20),
            Duration::from_secs(5),
        ))
        .dead_letter(ATTEMPTS, move |event, error| {
            processor::give_up(dead_letters.clone(), given_up.clone(), event, error)
        })
        .run("processor", move |event| {
            processor::process(stored.clone(), notices.clone(), reached.clone(), event)
        });

    for event in store.take_left_over().await? {
        events.send(event).await?;
    }
    let url = match env::var("FEED") {
        Ok(url) => url,
        Err(_) => feed::embedded().await?,
    };
    let feed = tokio::spawn(feed::subscribe(url, checkpoint.reached(), events));

    let asked = store.clone();
    let answers = Check::new("database", move || asked.clone().answers());
    let admin = Server::bind(admin_address).await.context("ADMIN_ADDRESS")?;
    let admin = admin
        .name("admin")
        .serve(Health::new().check(answers).router());
    println!("probes on http://{}", admin.local_addr()?);
    Ok(Events {
        feed,
        processor,
        notifier,
        checkpoint,
        store,
        admin,
        logs,
    })
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
