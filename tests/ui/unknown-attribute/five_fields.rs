//! Five mistakes on five fields: five errors, in the order of the source.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(ordre = 1)]
    a: Db,
    #[shutdown(order = "1")]
    b: Db,
    #[shutdown(timeout = 5)]
    c: Db,
    #[shutdown(skip, order = 1)]
    d: Db,
    #[shutdown(order = 1, order = 2)]
    e: Db,
}

fn main() {}

// errors: 5
