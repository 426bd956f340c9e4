//! Closing takes the value apart, which Rust does not allow where a type has a `Drop`.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    lock: String,
}

impl Drop for App {
    fn drop(&mut self) {}
}

fn main() {}

// errors: 1
