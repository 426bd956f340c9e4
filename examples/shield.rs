//! A migration at the start that a signal does not cut between two of its statements.
//!
//! `cargo run --example shield`, and Ctrl-C while it migrates: the migration ends, the pool is closed, and the service does not
//! begin. A second Ctrl-C does not wait.

use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
}

#[graceful::main(report = "always")]
async fn main() -> Result<App, &'static str> {
    println!("connected to the database");
    graceful::defer("pool", async |_cx| println!("closed the pool"));

    graceful::shield("migrate", migrate()).await?;

    println!("running: stop me with Ctrl-C");
    let worker = tokio::spawn(graceful::requested());
    Ok(App { worker })
}

async fn migrate() -> Result<(), &'static str> {
    for statement in ["copied the orders", "dropped the old table"] {
        println!("migrating …");
        sleep(Duration::from_secs(2)).await;
        println!("{statement}");
    }
    Ok(())
}
