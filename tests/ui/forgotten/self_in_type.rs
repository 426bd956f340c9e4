use graceful::Shutdown;

#[derive(Shutdown)]
struct Chain {
    next: Option<Box<Self>>,
}

fn main() {}

// errors: 1
