#[graceful::main(start_paused = true)]
async fn paused() {}

#[graceful::main(unhandled_panic = "shutdown_runtime")]
async fn policy() {}

#[graceful::test(flavor = "multi_thread", start_paused = false)]
async fn test() {}

fn main() {}

// errors: 3
