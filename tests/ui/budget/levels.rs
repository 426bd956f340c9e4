//! The whole path is shown, those of one order side by side.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "15s")]
struct App {
    #[shutdown(timeout = "10s", drop)]
    http: String,
    #[shutdown(timeout = "5s", drop)]
    sagas: String,
    #[shutdown(timeout = "3s", drop)]
    nats: String,
    #[shutdown(order = 2, timeout = "3s", drop)]
    kafka: String,
    #[shutdown(timeout = "2s", drop)]
    db: String,
}

fn main() {}

// errors: 1
