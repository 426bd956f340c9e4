use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop, method = close)]
    a: Db,
    #[shutdown(with = close, drop)]
    b: Db,
    #[shutdown(method = close, with = close)]
    c: Db,
}

fn main() {}

// errors: 3
