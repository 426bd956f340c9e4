use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
#[shutdown(timeout = "0ms")]
struct App {
    #[shutdown(timeout = "0s")]
    db: Db,
}

fn main() {}

// errors: 2
