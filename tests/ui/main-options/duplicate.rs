#[graceful::main(flavor = "local", flavor = "local")]
async fn twice() {}

#[graceful::main(flavor = "local", FLAVOR = "local")]
async fn in_another_case() {}

fn main() {}

// errors: 2
