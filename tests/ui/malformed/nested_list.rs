use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown((order = 1))]
    parentheses: Db,
    #[shutdown(skip())]
    flag: Db,
    #[shutdown(drop = true)]
    boolean: Db,
}

fn main() {}

// errors: 3
