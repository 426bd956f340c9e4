#[graceful::main(name = "")]
async fn empty() {}

#[graceful::main(name = 123)]
async fn number() {}

fn main() {}

// errors: 2
