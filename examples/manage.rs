//! A `main` that serves in its own body hands its state over early: it is closed after the body,
//! whichever way that ends.
//!
//! `cargo run --example manage`, then Ctrl-C: the server ends, `main` goes on behind it, then the
//! state is closed; exit code 0. With a second one on the same port `main` fails, and closes too.

use axum::{Router, routing::get};
use std::io;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
}

#[graceful::main(report = "always")]
async fn main() -> io::Result<()> {
    graceful::manage(App {
        worker: tokio::spawn(graceful::requested()),
    });
    let listener = TcpListener::bind("127.0.0.1:3001").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let routes = Router::new().route("/", get(async || "hello"));
    axum::serve(listener, routes)
        .with_graceful_shutdown(graceful::requested())
        .await?;
    println!("the last request is answered");
    Ok(())
}
