//! A start that fails or is interrupted half-way takes back what it has done, last thing first.
//!
//! `cargo run --example deferred -- fail`: the migration fails after 2 s, the registration and the
//! lock are taken back, then the error is printed; exit code 1. Without `fail`, Ctrl-C within the
//! 2 s takes back as much; after them it stops the worker first, then the rest. Exit code 0.

use std::error::Error;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
}

#[graceful::main(timeout = "10s", report = "always")]
async fn main() -> Result<App, Box<dyn Error>> {
    let lock = Held::take("lock").await;
    graceful::defer("lock", |_cx| lock.give_back()).timeout(Duration::from_secs(1));

    let registration = Held::take("registration").await;
    graceful::defer("registration", |_cx| registration.give_back());

    migrate().await?;
    println!("running: stop me with Ctrl-C");
    let worker = tokio::spawn(graceful::requested());
    Ok(App { worker })
}

async fn migrate() -> Result<(), &'static str> {
    println!("migrating for 2 s");
    sleep(Duration::from_secs(2)).await;
    if std::env::args().any(|arg| arg == "fail") {
        return Err("the migration failed");
    }
    Ok(())
}

struct Held(&'static str);

impl Held {
    async fn take(name: &'static str) -> Self {
        sleep(Duration::from_millis(50)).await;
        println!("took the {name}");
        Self(name)
    }

    async fn give_back(self) {
        sleep(Duration::from_millis(50)).await;
        println!("gave the {} back", self.0);
    }
}
