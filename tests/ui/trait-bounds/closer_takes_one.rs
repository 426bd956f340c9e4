use graceful::Shutdown;

struct Db;

async fn close(_: Db) {}

#[derive(Shutdown)]
struct App {
    #[shutdown(with = close)]
    db: Db,
}

fn main() {}

// errors: 1
