//! At the name, as of any function.

#![deny(dead_code)]

#[graceful::main]
async fn nobody_calls_it() {}

fn main() {}

// errors: 1
