//! Its fields' mistakes don't matter while it is one.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "25s")]
union Either {
    #[shutdown(ordr = 1)]
    left: u8,
    right: i8,
}

fn main() {}

// errors: 1
