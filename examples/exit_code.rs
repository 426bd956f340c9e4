//! The exit code says how it ended; `graceful::exit` sets it without skipping a single close.
//!
//! `cargo run --example exit_code -- WORD; echo $?` prints 0 for `done`, 3 for `exit`, 1 for `fail`
//! and `panic` and `hang` (the close goes wrong), 124 for `GRACEFUL_TIMEOUT=1s … -- hang`. Without
//! a word it waits: two Ctrl-C, half a second apart, give 130, since the second forces the exit.

use graceful::{Context, Result, Shutdown};
use std::time::Duration;
use tokio::time::sleep;

struct Ledger(String);

impl Shutdown for Ledger {
    async fn shutdown(self, _cx: Context) -> Result {
        println!("closing the ledger");
        match &*self.0 {
            "fail" => return Err("the disk is full".into()),
            "panic" => panic!("a page is missing"),
            "hang" => std::future::pending().await,
            _ => sleep(Duration::from_secs(1)).await,
        }
        Ok(())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "2s")]
    ledger: Ledger,
}

#[graceful::main]
async fn main() -> App {
    let word = std::env::args().nth(1).unwrap_or_default();
    if !word.is_empty() {
        tokio::spawn(decide(word.clone()));
    }
    App {
        ledger: Ledger(word),
    }
}

async fn decide(word: String) {
    sleep(Duration::from_millis(100)).await;
    if word == "exit" {
        graceful::exit(3).await;
    }
    graceful::request("the work is done");
}
