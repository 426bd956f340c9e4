#[graceful::main]
fn main() {}

// errors: 1
