//! What is done at other moments than the close reaches the field through a reference too.

use graceful::{Context, Result, Shutdown};
use tokio::sync::mpsc;

struct Guard;

struct Client;

impl Client {
    async fn leave(self) {}
    async fn drain(&self) {}
}

impl Shutdown for Client {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Last {
    #[shutdown(last)]
    guard: Guard,
    #[shutdown(last)]
    sender: mpsc::Sender<()>,
    #[shutdown(last)]
    client: Client,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct AtRequest {
    #[shutdown(at_request = Client::leave, method = drain)]
    client: Client,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Forced {
    #[shutdown(force = drain)]
    not_clone: Client,
}

fn main() {}

// errors: 5
