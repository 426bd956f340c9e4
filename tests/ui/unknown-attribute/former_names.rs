//! What other crates call it, or people guess.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
#[shutdown(budget = "25s", strict)]
struct App {
    #[shutdown(time_out = "5s")]
    snake: Db,
    #[shutdown(Timeout = "5s")]
    capital: Db,
    #[shutdown(rename = "db")]
    rename: Db,
    #[shutdown(ignore)]
    ignore: Db,
    #[shutdown(priority = 1)]
    priority: Db,
    #[shutdown(depends_on = "priority")]
    depends_on: Db,
    #[shutdown(before(priority))]
    before: Db,
    #[shutdown(close)]
    close: Db,
    #[shutdown(fn = close)]
    function: Db,
    #[shutdown(flatten)]
    flatten: Db,
}

fn main() {}

// errors: 12
