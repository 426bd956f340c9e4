//! The attributes' options are not keys of the derive, nor the other way round.

#[graceful::main(order = 1)]
async fn main() {}

// errors: 1
