use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(ordr = 1)]
    a: Db,
    #[shutdown(timout = "5s")]
    b: Db,
    #[shutdown(time_out = "5s")]
    c: Db,
    #[shutdown(Order = 1)]
    d: Db,
    #[shutdown(r#order = 1)]
    e: Db,
    #[shutdown(deadline = "5s")]
    f: Db,
}

fn main() {}

// errors: 6
