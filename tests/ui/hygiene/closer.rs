//! A closure sees nothing of what calls it.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |_, _| async { drop(__log) })]
    db: u8,
    #[shutdown(with = |_, _| async { drop(__graceful_parts) })]
    log: u8,
    #[shutdown(with = |_, _| async { drop(__graceful_closed) })]
    cache: u8,
}

fn main() {}

// errors: 3
