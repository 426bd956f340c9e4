#[tokio::main]
#[graceful::main]
async fn main() {}

// errors: 1
