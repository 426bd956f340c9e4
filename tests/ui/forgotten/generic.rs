//! Found where the parameters say that it can be closed.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App<T: Shutdown> {
    #[shutdown(drop)]
    log: String,
    inner: T,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Inner;

#[graceful::main]
async fn main() -> App<Inner> {
    App { log: String::new(), inner: Inner }
}

// errors: 1
