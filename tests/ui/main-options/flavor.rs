#[graceful::main(flavor = "multi_threaded")]
async fn misspelt() {}

#[graceful::main(flavor = "green")]
async fn unknown() {}

#[graceful::main(flavor = "basic_scheduler")]
async fn renamed() {}

#[graceful::main(flavor = "threaded_scheduler")]
async fn renamed_too() {}

#[graceful::main(flavor = "single_thread")]
async fn never_was() {}

#[graceful::main(flavor = current_thread)]
async fn unquoted() {}

#[graceful::main(flavor = flavors::current_thread)]
async fn path() {}

#[graceful::main(flavor = 123)]
async fn number() {}

fn main() {}

// errors: 8
