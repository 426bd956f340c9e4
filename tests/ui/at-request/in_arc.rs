use graceful::Shutdown;
use std::sync::Arc;

#[derive(Clone)]
struct Registry;

async fn leave(_registry: &Registry) {}

#[derive(Clone, Shutdown)]
struct Brokers {
    #[shutdown(at_request = leave, drop)]
    registry: Registry,
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    brokers: Arc<Brokers>,
}

fn main() {}

// errors: 1
