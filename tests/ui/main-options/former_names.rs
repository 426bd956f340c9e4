//! What tokio's builder and other crates call it, or people guess.

#[graceful::main(workers = 4, threads = 4, runtime = "local", shutdown_timeout = "5s", grace_period = "30s")]
async fn main() {}

#[graceful::main(max_blocking_threads = 4, thread_name = "orders")]
async fn of_builder() {}

#[graceful::test(grace_period = "30s", colour = "red")]
async fn of_test() {}

// errors: 9
