use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(graceful::order = 1)]
    path: Db,
    #[shutdown("order" = 1)]
    string: Db,
    #[shutdown(= 1)]
    nothing: Db,
}

fn main() {}

// errors: 3
