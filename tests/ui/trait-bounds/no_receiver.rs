use graceful::Shutdown;

struct Db;

impl Db {
    async fn close_pool(_db: Self) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close_pool)]
    db: Db,
}

fn main() {}

// errors: 1
