use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = " ")]
    empty: Db,
    #[shutdown(timeout = 5 s)]
    two_tokens: Db,
    #[shutdown(timeout = "1m 30")]
    unit_missing: Db,
}

fn main() {}

// errors: 3
