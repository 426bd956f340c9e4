//! A generic plan is proven where it is used.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "5s")]
struct App<T> {
    #[shutdown(timeout = "6s", drop)]
    db: T,
}

#[graceful::main]
async fn main() -> App<String> {
    App { db: String::new() }
}

// errors: 1
