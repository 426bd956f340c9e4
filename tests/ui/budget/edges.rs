//! Of fields that wait for each other by name the longest path is shown.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "15s")]
struct App {
    #[shutdown(timeout = "10s", drop)]
    http: String,
    #[shutdown(timeout = "1s", drop, after(http))]
    cache: String,
    #[shutdown(timeout = "4s", drop, after(http))]
    outbox: String,
    #[shutdown(timeout = "3s", drop, after(cache, outbox), name = "pool")]
    db: String,
}

fn main() {}

// errors: 1
