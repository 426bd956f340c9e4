use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
#[shutdown(timeout = "0ms")]
struct App {
    #[shutdown(timeout = "0s")]
    db: Db,
    #[shutdown(timeout = 0)]
    bare: Db,
    #[shutdown(timeout = 0s)]
    bare_with_a_unit: Db,
}

fn main() {}

// errors: 4
