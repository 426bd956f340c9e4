use graceful::Shutdown;
use std::sync::Arc;

#[derive(Clone)]
struct Client;

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    client: Client,
    #[shutdown(method = close)]
    shared: Arc<Client>,
    #[shutdown(method = close)]
    optional: Option<Client>,
}

fn main() {}

// errors: 3
