//! A server that drains, and is stopped the hard way when that takes too long.
//!
//! `cargo run --example force`, then Ctrl-C: one client never goes, so in the last second of its limit the server is stopped
//! with whoever is left. The report says "forced", and the exit code is 1.

use std::time::Duration;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "4s", method = drain, force = stop)]
    server: Server,
    #[shutdown(timeout = "1s", drop)]
    db: Db,
}

#[graceful::main]
async fn main() -> App {
    println!("running: stop me with Ctrl-C");
    App {
        server: Server { clients: 3 },
        db: Db,
    }
}

struct Server {
    clients: usize,
}

impl Server {
    /// Nobody new, and those that are here may finish.
    async fn drain(&mut self) {
        while self.clients > 0 {
            sleep(Duration::from_secs(1)).await;
            if self.clients > 1 {
                self.clients -= 1;
                println!("a client has gone, {} left", self.clients);
            }
        }
    }

    /// With what the drain has left.
    async fn stop(self) {
        sleep(Duration::from_millis(50)).await;
        println!("stopped with {} client", self.clients);
    }
}

struct Db;

impl Drop for Db {
    fn drop(&mut self) {
        println!("closed the database");
    }
}
