//! Found where the parameters say that it can be closed, also within others.

use graceful::{Shutdown, Tracker};

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App<T: Shutdown> {
    inner: Option<Vec<T>>,
}

#[derive(Shutdown)]
struct Whole {
    #[shutdown]
    app: App<Tracker>,
}

fn main() {}

// errors: 1
