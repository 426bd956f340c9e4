#[graceful::main(flavor = "local", unhandled_panic = shutdown_runtime)]
async fn no_quotes() {}

#[graceful::main(flavor = "local", unhandled_panic = "shutdown_runtim")]
async fn misspelled() {}

#[graceful::main(flavor = "local", unhandled_panic = true)]
async fn boolean() {}

fn main() {}

// errors: 3
