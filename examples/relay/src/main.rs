//! Payments come from a topic, go into a database, and on to another topic: `cargo run -p relay`, then Ctrl-C.

mod accounts;
mod intake;
mod outlet;
mod payment;
mod store;

use accounts::Accounts;
use anyhow::Context as _;
use graceful::health::{self, Check, Health};
use graceful::http::Server;
use graceful_clients::consumer::Consumer;
use outlet::Outlet;
use std::env;
use store::Store;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "24s")]
struct Relay {
    /// Stops fetching, finishes what is in hand, commits, and leaves the group: in that order.
    #[shutdown(timeout = "10s")]
    payments: Consumer,
    /// All that it was given is confirmed, or the report says how much is not.
    #[shutdown(timeout = "5s")]
    outlet: Outlet,
    #[shutdown(timeout = "3s", method = close)]
    store: Store,
    #[shutdown(timeout = "1s")]
    admin: Server,
    /// After the last word of everything else.
    #[shutdown(last)]
    logs: WorkerGuard,
}

#[graceful::main]
async fn main() -> anyhow::Result<Relay> {
    let admin_address = variable("ADMIN_ADDRESS", "127.0.0.1:9990");
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        health::ask(admin_address, "/livez").await?;
        graceful::exit(0).await;
    }
    let (writer, logs) = tracing_appender::non_blocking(std::io::stdout());
    tracing_subscriber::fmt().with_writer(writer).init();
    let file = variable("DATABASE", "relay.db");
    let store = Store::open(&file).await.context(file)?;
    let outlet = Outlet::connect(&variable("OUT_TOPIC", "receipts.topic")).await?;
    let source = intake::subscribe(&variable("IN_TOPIC", "payments.topic")).await?;

    let accounts = Accounts::new(store.clone());
    let (stored, receipts) = (store.clone(), outlet.clone());
    let payments = Consumer::of(source)
        .concurrency(8)
        .run("payments", move |message| {
            payment::process(stored.clone(), accounts.clone(), receipts.clone(), message)
        });

    let asked = store.clone();
    let answers = Check::new("database", move || asked.clone().answers());
    let admin = Server::bind(admin_address).await.context("ADMIN_ADDRESS")?;
    let admin = admin
        .name("admin")
        .serve(Health::new().check(answers).router());
    println!("probes on http://{}", admin.local_addr()?);
    Ok(Relay {
        payments,
        outlet,
        store,
        admin,
        logs,
    })
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
