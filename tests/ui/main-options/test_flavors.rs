#[graceful::test(worker_threads = 2)]
async fn default_flavor() {}

#[graceful::test(flavor = "multi_thread", start_paused = true)]
async fn paused() {}

#[graceful::test(flavor = "current")]
async fn begun() {}

fn main() {}

// errors: 3
