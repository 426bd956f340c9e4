//! What is derived is closable, so it can be forgotten too.

use graceful::Shutdown;

#[derive(Shutdown)]
struct Inner {
    #[shutdown(drop)]
    log: String,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
enum Kind {
    One,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    inner: Inner,
    kind: Kind,
    other: std::marker::PhantomData<Inner>,
}

fn main() {}

// errors: 2
