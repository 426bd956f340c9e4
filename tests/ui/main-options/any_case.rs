//! As `#[tokio::main]` does, and then a key is still the same key.

#[graceful::main(FLAVOR = "local", Flavor = "local")]
async fn twice() {}

#[graceful::main(Worker_Threads = 0)]
async fn zero() {}

fn main() {}

// errors: 2
