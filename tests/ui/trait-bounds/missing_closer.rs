use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = close_db)]
    db: Db,
    #[shutdown(with = missing::close)]
    other: Db,
}

fn main() {}

// errors: 2
