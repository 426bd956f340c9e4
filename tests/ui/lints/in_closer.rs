//! In an impl that was derived rustc looks for no unused variables, but for what was forgotten.

#![deny(unused_must_use)]

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |log: String, _cx| async move { log.parse::<u8>(); })]
    log: String,
}

fn main() {}

// errors: 1
