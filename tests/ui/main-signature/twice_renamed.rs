//! Ours, by the name that it is told to have.

extern crate graceful as corp;

#[corp::main(crate = corp)]
#[corp::main(crate = corp)]
async fn main() {}

#[corp::main(crate = corp)]
#[corp::test(crate = corp)]
async fn tested() {}

// errors: 2
