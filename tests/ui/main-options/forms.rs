#[graceful::main(flavor)]
async fn no_value() {}

#[graceful::main(flavor = )]
async fn half_typed() {}

#[graceful::main(flav)]
async fn half_a_key() {}

#[graceful::main(foo::bar)]
async fn path() {}

#[graceful::main("local")]
async fn string() {}

#[graceful::main(= "local")]
async fn no_key() {}

#[graceful::main(["local"])]
async fn brackets() {}

#[graceful::main(flavor = "local"; name = "rt")]
async fn semicolon() {}

fn main() {}

// errors: 8
