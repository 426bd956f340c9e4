#[graceful::main(crate = "")]
async fn empty() {}

#[graceful::main(crate = 456)]
async fn number() {}

#[graceful::main(crate = "456")]
async fn number_in_quotes() {}

#[graceful::main(crate = "a::")]
async fn unfinished() {}

fn main() {}

// errors: 4
