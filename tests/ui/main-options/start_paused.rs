#[graceful::main(flavor = "current_thread", start_paused = "true")]
async fn string() {}

#[graceful::main(flavor = "current_thread", start_paused)]
async fn flag() {}

fn main() {}

// errors: 2
