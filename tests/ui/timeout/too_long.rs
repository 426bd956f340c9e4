use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "99999999999999999999s")]
    a: Db,
    #[shutdown(timeout = "18446744073709551616s")]
    b: Db,
    #[shutdown(timeout = "9999999999999999999999999999999999999999h")]
    c: Db,
    #[shutdown(timeout = "584542046091y")]
    years: Db,
}

fn main() {}

// errors: 4
