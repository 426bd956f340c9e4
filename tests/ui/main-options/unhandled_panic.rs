#[graceful::main(flavor = "current_thread", unhandled_panic = "shutdown")]
async fn unknown() {}

#[graceful::main(flavor = "current_thread", unhandled_panic = true)]
async fn boolean() {}

fn main() {}

// errors: 2
