use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    db: Db,
    #[shutdown(drop, name = "db")]
    pool: Db,
    #[shutdown(drop, name = "later")]
    first: Db,
    #[shutdown(drop)]
    later: Db,
    #[shutdown(drop, name = "both")]
    a: Db,
    #[shutdown(drop, name = "both")]
    b: Db,
}

fn main() {}

// errors: 3
