//! As without the derive.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown]
    db: Missing,
}

fn main() {}

// errors: 1
