//! The function is lent the field, which may be to another thread.

use graceful::Shutdown;
use std::cell::Cell;

struct Registry(Cell<u8>);

async fn leave(_registry: &Registry) {}

#[derive(Shutdown)]
struct NotSync {
    #[shutdown(at_request = leave, drop)]
    registry: Registry,
}

struct Client;

impl Client {
    async fn leave(self) {}
}

#[derive(Shutdown)]
struct ByValue {
    #[shutdown(at_request = Client::leave, drop)]
    client: Client,
}

fn main() {}

// errors: 2
