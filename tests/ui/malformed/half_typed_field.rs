//! A struct that is not written to its end has an impl: what uses it finds no mistake of its own.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    db: Db,
    #[shutdown]
    http
}

#[graceful::main]
async fn main() -> App {
    App { db: Db }
}

// errors: 2
