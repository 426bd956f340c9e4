use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order = -1)]
    negative: Db,
    #[shutdown(order = -0)]
    negative_zero: Db,
    #[shutdown(order = 4294967296)]
    too_large: Db,
}

#[derive(Shutdown)]
struct Implied(#[shutdown(order = 4294967295)] Db, #[shutdown] Db);

fn main() {}

// errors: 4
