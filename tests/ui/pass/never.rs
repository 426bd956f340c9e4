//! What never ends has an outcome too.

#![deny(warnings)]
#![allow(dead_code, unreachable_code)]

use graceful::Shutdown;
use std::future::pending;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |_db, _| async move { todo!() })]
    db: Db,
    #[shutdown(with = exits)]
    other: Db,
    #[shutdown(critical)]
    task: tokio::task::JoinHandle<std::convert::Infallible>,
}

async fn exits(_: Db, _: graceful::Context) -> ! {
    std::process::exit(1)
}

async fn beats() -> ! {
    loop {
        pending::<()>().await;
    }
}

async fn critical() {
    drop(graceful::critical("heartbeat", beats()));
    drop(graceful::critical("in place", async {
        loop {
            pending::<()>().await;
        }
    }));
}

fn main() {}
