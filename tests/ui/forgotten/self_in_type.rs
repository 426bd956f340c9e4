use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Chain {
    next: Option<Box<Self>>,
}

fn main() {}

// errors: 1
