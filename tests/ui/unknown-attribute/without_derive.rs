//! Without the derive, rustc knows where the attribute comes from.

use graceful::Shutdown;

struct App {
    #[shutdown(order = 1)]
    db: u8,
}

fn main() {}

// errors: 1
