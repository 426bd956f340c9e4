#[graceful::main(signals(SIGTEM))]
async fn misspelt() {}

#[graceful::main(signals(SIGUSR1, "SIGINT"))]
async fn unknown() {}

#[graceful::main(signals(TERM, sigint, ctrl_c, Terminate))]
async fn by_other_names() {}

#[graceful::main(signals(SIGINT, SIGINT))]
async fn twice() {}

#[graceful::main(signals(SIGKILL))]
async fn uncatchable() {}

#[graceful::main(signals = SIGINT)]
async fn assigned() {}

#[graceful::main(signals)]
async fn bare() {}

fn main() {}

// errors: 11
