//! An edge that an `order` contradicts, also one that was counted.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    http: Db,
    #[shutdown(drop, order = 0, after(http))]
    equal: Db,
    #[shutdown(drop, order = 0, after(db))]
    lower: Db,
    #[shutdown(drop)]
    db: Db,
}

fn main() {}

// errors: 2
