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

/// The names differ, and what the environment calls them does not.
#[derive(Shutdown)]
struct InTheEnvironment {
    #[shutdown(drop, name = "my-db")]
    first: Db,
    #[shutdown(drop)]
    my_db: Db,
    #[shutdown(drop, name = "My db")]
    third: Db,
}

fn main() {}

// errors: 5
