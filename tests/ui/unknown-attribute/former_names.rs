//! What other crates call it, or people guess.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(time_out = "5s")]
    snake: Db,
    #[shutdown(Timeout = "5s")]
    capital: Db,
    #[shutdown(ignore)]
    ignore: Db,
    #[shutdown(priority = 1)]
    priority: Db,
}

fn main() {}

// errors: 4
