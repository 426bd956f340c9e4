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
}

fn main() {}

// errors: 1
