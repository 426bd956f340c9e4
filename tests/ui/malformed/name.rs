use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(name = "")]
    empty: Db,
    #[shutdown(name = " ")]
    blank: Db,
    #[shutdown(name = "a.b")]
    dotted: Db,
    #[shutdown(name = db)]
    unquoted: Db,
    #[shutdown(name = 5)]
    number: Db,
}

fn main() {}

// errors: 5
