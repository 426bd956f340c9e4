//! A close that says how far it is, and ends by itself before its time is up.
//!
//! `cargo run --example progress`, then Ctrl-C: it takes 8 s, and after 5 s you are told what is
//! waited for. `GRACEFUL_TIMEOUT=3s cargo run --example progress`, then Ctrl-C: it sees that its
//! time is short, keeps what it can't send, and the exit code is 1.

use graceful::{Context, Result, Shutdown};
use std::time::Duration;

struct Outbox(Vec<String>);

impl Shutdown for Outbox {
    async fn shutdown(mut self, cx: Context) -> Result {
        let total = self.0.len();
        while let Some(message) = self.0.pop() {
            if cx.remaining() < Duration::from_secs(1) {
                self.0.push(message);
                return Err(
                    format!("{} messages are left for the next start", self.0.len()).into(),
                );
            }
            send(message).await;
            cx.progress(format!("sent {} of {total}", total - self.0.len()));
        }
        Ok(())
    }
}

async fn send(_message: String) {
    tokio::time::sleep(Duration::from_millis(500)).await;
}

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "15s")]
    outbox: Outbox,
}

#[graceful::main(report = "always")]
async fn main() -> App {
    println!("stop me with Ctrl-C");
    App {
        outbox: Outbox((0..16).map(|n| format!("message {n}")).collect()),
    }
}
