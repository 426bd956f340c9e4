use graceful::Shutdown;
use std::sync::Arc;

struct Pool;

#[derive(Shutdown)]
struct ApiContext {
    config: Arc<String>,
    db: Pool,
}

#[derive(Shutdown)]
struct Unit;

#[derive(Shutdown)]
struct Generic<T>(T);

#[derive(Shutdown)]
struct Skipped {
    #[shutdown(skip)]
    db: Pool,
}

#[derive(Shutdown)]
enum Connection {
    Open(Pool),
    Closed,
}

fn main() {}

// errors: 5
