use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(skip = true)]
    a: Db,
    #[shutdown(skip())]
    b: Db,
    #[shutdown(drop(now))]
    c: Db,
}

fn main() {}

// errors: 3
