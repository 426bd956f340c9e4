//! Several mistakes, reported at once; `main` is still there.

#[graceful::main(flavour = "local", wrker_threads = 3, colour = "red")]
async fn main() {}

// errors: 3
