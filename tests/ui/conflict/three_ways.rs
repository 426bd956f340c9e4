//! Each key that can't stay is named with the first that excludes it.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop, method = close, with = close)]
    one_attribute: Db,
    #[shutdown(method = close)]
    #[shutdown(drop)]
    two_attributes: Db,
}

fn main() {}

// errors: 3
