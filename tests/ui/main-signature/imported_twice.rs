use graceful::main;

#[graceful::main]
#[main]
async fn main() {}

// errors: 1
