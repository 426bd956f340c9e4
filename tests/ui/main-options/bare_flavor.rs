#[graceful::main(current_thread)]
async fn flavor() {}

#[graceful::main(threaded_scheduler)]
async fn former_flavor() {}

#[graceful::main(core_threads = 4)]
async fn former_option() {}

fn main() {}

// errors: 3
