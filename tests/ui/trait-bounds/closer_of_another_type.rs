use graceful::{Context, Shutdown};

struct Db;

async fn close(_name: String, _cx: Context) {}

#[derive(Shutdown)]
struct App {
    #[shutdown(with = close)]
    db: Db,
}

fn main() {}

// errors: 1
