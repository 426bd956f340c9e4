use graceful::Shutdown;
use std::time::Duration;

struct Db;

impl Db {
    async fn close(self, _within: Duration) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    db: Db,
    #[shutdown(method = close(1))]
    cache: Db,
}

fn main() {}

// errors: 2
