//! These are tokens, so they reach the macro.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = 5s)]
    a: Db,
    #[shutdown(timeout = 5h30m)]
    b: Db,
    #[shutdown(timeout = 1.5s)]
    c: Db,
    #[shutdown(timeout = 1_000ms)]
    d: Db,
    #[shutdown(timeout = 0x10s)]
    e: Db,
    #[shutdown(timeout = 5 s)]
    f: Db,
}

fn main() {}

// errors: 6
