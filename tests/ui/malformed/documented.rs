//! Documentation is never part of what is blamed.

use graceful::Shutdown;

/// An application.
///
/// With a paragraph.
#[derive(Shutdown)]
#[shutdown(timeout = 5)]
struct App {
    /** In a block. */
    #[doc(alias = "database")]
    #[shutdown(order = "first")]
    db: u8,
}

fn main() {}

// errors: 2
