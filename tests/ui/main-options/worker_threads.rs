#[graceful::main(worker_threads = 0)]
async fn zero() {}

#[graceful::main(worker_threads = -1)]
async fn negative() {}

#[graceful::main(worker_threads = "4")]
async fn string() {}

#[graceful::main(worker_threads = 1.0)]
async fn float() {}

#[graceful::main(worker_threads = 99999999999999999999999)]
async fn huge() {}

#[graceful::main(worker_threads = N)]
async fn constant() {}

#[graceful::main(flavor = "current_thread", worker_threads = 4)]
async fn single_threaded() {}

#[graceful::main(flavor = "local", worker_threads = 4)]
async fn local() {}

fn main() {}

// errors: 8
