use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    config: String,
    #[shutdown(skip)]
    replica: Db,
    #[shutdown(drop, after(config))]
    a: Db,
    #[shutdown(drop, after(replica))]
    b: Db,
    #[shutdown(drop, after(c))]
    c: Db,
    #[shutdown(drop, after(a, b, a))]
    twice: Db,
    #[shutdown(skip, after(a))]
    skipped: Db,
}

fn main() {}

// errors: 5
