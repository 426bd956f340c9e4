#[graceful::main]
#[graceful::main(flavor = "current_thread")]
async fn main() {}

// errors: 1
