//! The smallest one: a state, what of it is to be closed, and a `main` that returns it.
//!
//! `cargo run --example hello`, then Ctrl-C: the worker says goodbye, and the exit code is 0.

use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
}

#[graceful::main]
async fn main() -> App {
    println!("working: stop me with Ctrl-C");
    let worker = tokio::spawn(async {
        graceful::requested().await;
        println!("goodbye");
    });
    App { worker }
}
