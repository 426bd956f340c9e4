#[graceful::main(report = "nver")]
async fn unknown() {}

#[graceful::main(report = always)]
async fn unquoted() {}

fn main() {}

// errors: 2
