//! A job that hangs: it is cut at its limit, the database is closed all the same, and the report names it.
//!
//! `cargo run --example hanging_job`, then Ctrl-C or `kill -TERM`: the timeline of the README, and exit code 1.

use axum::{Router, routing::get};
use graceful::{Resource, Tracker};
use std::future::pending;
use std::time::Duration;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "20s")]
struct App {
    #[shutdown(timeout = "10s", critical)]
    http: tokio::task::JoinHandle<std::io::Result<()>>,
    #[shutdown(timeout = "5s")]
    jobs: Tracker,
    #[shutdown(timeout = "2s")]
    db: Resource<Database>,
}

#[derive(Clone)]
struct Database;

impl Database {
    async fn close(self) {
        tokio::time::sleep(Duration::from_millis(50)).await; // stands for a checkpoint
    }
}

#[graceful::main]
async fn main() -> anyhow::Result<App> {
    let db = graceful::resource("db", Database, async |db, _cx| db.close().await);
    let jobs = Tracker::new();
    for _ in 0..3 {
        jobs.spawn(pending::<()>())?; // each waits for an answer that never comes
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let routes = Router::new().route("/", get(async || "hello"));
    let server = axum::serve(listener, routes).with_graceful_shutdown(graceful::requested());
    let http = tokio::spawn(server.into_future());
    Ok(App { http, jobs, db })
}
