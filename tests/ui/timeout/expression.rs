//! What is not a literal can't be proven to fit.

use graceful::Shutdown;
use std::time::Duration;

const DEFAULT: Duration = Duration::from_secs(5);

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = Duration::from_secs(5))]
    call: Db,
    #[shutdown(timeout = DEFAULT)]
    constant: Db,
    #[shutdown(timeout = concat!("5", "s"))]
    concatenated: Db,
    #[shutdown(timeout = env!("TIMEOUT"))]
    environment: Db,
}

fn main() {}

// errors: 4
