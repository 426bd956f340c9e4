use graceful::Shutdown;

struct Db;

impl Db {
    async fn close(self) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |db, _| async move { db.close() })]
    db: Db,
}

fn main() {}

// errors: 1
