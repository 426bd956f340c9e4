//! A fragment is blamed where the user wrote it.

use graceful::Shutdown;

macro_rules! state {
    ($name:ident, $order:expr, $timeout:literal, $limit:expr) => {
        #[derive(Shutdown)]
        struct $name {
            #[shutdown(drop, order = $order)]
            log: String,
            #[shutdown(drop, timeout = $timeout)]
            other: String,
            #[shutdown(drop, timeout = $limit)]
            third: String,
        }
    };
}

state!(App, 1.0, "5 parsecs", "-1s");

fn main() {}

// errors: 3
