use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(skip, order = 1)]
    after: Db,
    #[shutdown(timeout = "5s", skip)]
    before: Db,
    #[shutdown(skip, method = close)]
    method: Db,
    #[shutdown(skip)]
    #[shutdown(name = "db")]
    two_attributes: Db,
    #[shutdown(drop, skip)]
    drop: Db,
}

fn main() {}

// errors: 5
