//! rustc's own: a derive has to come before what it explains.

use graceful::Shutdown;

#[shutdown(timeout = "25s")]
#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    log: String,
}

fn main() {}

// errors: 1
