use graceful::Shutdown;

#[derive(Clone, Copy, Shutdown)]
union Either {
    a: u8,
    b: i8,
}

fn main() {}

// errors: 1
