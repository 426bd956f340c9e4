//! A closure sees nothing of what calls it.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |_, _| async { drop(__graceful_field_1) })]
    db: u8,
    #[shutdown(with = |_, _| async { drop(__graceful_steps) })]
    log: u8,
    #[shutdown(with = |_, _| async { drop(__graceful_returned) })]
    cache: u8,
}

fn main() {}

// errors: 3
