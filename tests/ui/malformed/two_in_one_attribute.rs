//! After a mistake reading goes on at the next comma.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order = , timeout = "5 parsecs", nmae = "db")]
    db: Db,
}

fn main() {}

// errors: 3
