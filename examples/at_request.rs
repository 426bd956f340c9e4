//! A service that leaves its registry the moment it is to stop, and goes on serving until nobody is sent to it any more.
//!
//! `cargo run --example at_request`, then `kill -TERM` with the number that it prints: it leaves the registry at once, serves
//! for 3 s more, and then closes. After Ctrl-C, which skips the delay, it leaves the registry before the first close.

use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    server: JoinHandle<()>,
    #[shutdown(timeout = "2s", at_request = Registry::leave, method = close)]
    registry: Registry,
}

#[graceful::main(timeout = "15s", delay = "3s", report = "always")]
async fn main() -> App {
    let registry = Registry::join("orders-7").await;
    println!("running: stop me with `kill -TERM {}`", std::process::id());
    let server = graceful::until_requested(serve());
    App {
        server: tokio::spawn(async {
            server.await;
        }),
        registry,
    }
}

async fn serve() {
    let mut requests = interval(Duration::from_secs(1));
    loop {
        requests.tick().await;
        println!("served a request");
    }
}

/// A client of a service registry.
struct Registry {
    name: &'static str,
}

impl Registry {
    async fn join(name: &'static str) -> Self {
        sleep(Duration::from_millis(50)).await;
        println!("{name} is in the registry");
        Self { name }
    }

    async fn leave(&self) {
        sleep(Duration::from_millis(50)).await;
        println!("{} has left the registry", self.name);
    }

    fn close(self) {
        println!("the connection of {} to the registry is closed", self.name);
    }
}
