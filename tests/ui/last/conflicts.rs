//! A last word has no place among the closes, and the time of all last words.

use graceful::Shutdown;
use tokio::task::JoinHandle;

struct Guard;

#[derive(Shutdown)]
struct App {
    #[shutdown(last, order = 3)]
    order: Guard,
    #[shutdown(after(db), last)]
    after: Guard,
    #[shutdown(last, timeout = "2s")]
    timeout: Guard,
    #[shutdown(critical, last)]
    critical: JoinHandle<()>,
    #[shutdown(skip, last)]
    skip: Guard,
    #[shutdown(last = true)]
    value: Guard,
    #[shutdown(after(order), drop)]
    waits: Guard,
    #[shutdown(drop)]
    db: Guard,
}

#[derive(Shutdown)]
#[shutdown(last)]
struct OnType {
    #[shutdown(drop)]
    guard: Guard,
}

fn main() {}

// errors: 8
