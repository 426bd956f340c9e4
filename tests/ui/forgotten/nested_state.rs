//! What is derived is closable, so it can be forgotten too.

use graceful::Shutdown;

#[derive(Shutdown)]
struct Inner {
    #[shutdown(drop)]
    log: String,
}

#[derive(Shutdown)]
enum Kind {
    One,
}

#[derive(Shutdown)]
struct App {
    inner: Inner,
    kind: Kind,
    other: std::marker::PhantomData<Inner>,
}

fn main() {}

// errors: 2
