#[graceful::main]
async fn main<'a, const N: usize>() {}

// errors: 1
