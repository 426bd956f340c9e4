//! A generic plan is proven with the type that it stands in.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "5s")]
struct Pair<A, B> {
    #[shutdown]
    first: A,
    #[shutdown]
    second: B,
}

#[derive(Shutdown)]
struct Slow {
    #[shutdown(timeout = "4s", drop)]
    all: String,
}

#[derive(Shutdown)]
struct Fits {
    #[shutdown]
    pair: Pair<Slow, graceful::Tracker>,
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    pair: Option<Pair<Slow, Slow>>,
}

fn main() {}

// errors: 1
