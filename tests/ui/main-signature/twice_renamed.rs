//! Ours, by the name that it is told to have.

extern crate graceful as corp;

#[graceful::main(crate = corp)]
#[corp::main(crate = corp)]
async fn main() {}

#[graceful::main(crate = corp)]
#[corp::test(crate = corp)]
async fn tested() {}

// errors: 2
