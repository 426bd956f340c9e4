//! A key and a value.

#[graceful::main(threads = 4, flavor = "multithread")]
async fn main() {}

// errors: 2
