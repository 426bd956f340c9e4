#[graceful::main]
#[tokio::main]
async fn main() {}

// errors: 1
