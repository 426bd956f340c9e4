#[graceful::main(timeout = 25)]
async fn number() {}

#[graceful::main(timeout = "0s")]
async fn zero() {}

#[graceful::main(delay = "5", blocking_grace = 1s)]
async fn both() {}

fn main() {}

// errors: 4
