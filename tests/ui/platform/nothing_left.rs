#[graceful::main(grace = "5s", pre_stop = "5s", timeout = "1s")]
async fn main() {
    delay();
    delay_of_default();
    alone();
}

#[graceful::main(timeout = "5s", delay = "5s")]
async fn delay() {}

#[graceful::main(delay = "1m")]
async fn delay_of_default() {}

#[graceful::main(pre_stop = "5s")]
async fn alone() {}

// errors: 4
