//! A test has no signals.

#[graceful::test(delay = "1s", signals(SIGINT))]
async fn of_main() {}

#[graceful::test(flavr = "local")]
async fn misspelt() {}

fn main() {}

// errors: 3
