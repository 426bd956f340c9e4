//! A fragment is blamed where the user wrote it.

use graceful::Shutdown;

macro_rules! state {
    ($name:ident, $order:expr, $timeout:literal) => {
        #[derive(Shutdown)]
        struct $name {
            #[shutdown(drop, order = $order)]
            log: String,
            #[shutdown(drop, timeout = $timeout)]
            other: String,
        }
    };
}

state!(App, 1.0, "5 parsecs");

fn main() {}

// errors: 2
