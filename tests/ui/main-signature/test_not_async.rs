#[graceful::test]
fn test() {}

fn main() {}

// errors: 1
