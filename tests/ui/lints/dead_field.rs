//! A field that is only kept is not read by its close.

#![deny(dead_code)]

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    log: String,
}

struct NotDerived {
    log: String,
}

fn main() {
    let _ = (App { log: String::new() }, NotDerived { log: String::new() });
}

// errors: 1
