#[graceful::main]
fn run() -> u8 {
    0
}

#[graceful::test]
fn test() {}

fn main() {
    run();
}

// errors: 2
