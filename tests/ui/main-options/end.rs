#[graceful::main(end = "signals")]
async fn unknown() {}

#[graceful::main(end = signal)]
async fn unquoted() {}

#[graceful::test(end = "signal")]
async fn of_a_test() {}

fn main() {}

// errors: 3
