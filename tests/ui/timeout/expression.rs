//! What is neither a literal nor the path of a constant.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = Duration::from_secs(5))]
    call: Db,
    #[shutdown(timeout = concat!("5", "s"))]
    concatenated: Db,
    #[shutdown(timeout = env!("TIMEOUT"))]
    environment: Db,
}

fn main() {}

// errors: 3
