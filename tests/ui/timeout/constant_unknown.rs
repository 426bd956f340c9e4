use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = TOTAL)]
struct App {
    #[shutdown(timeout = limits::NOWHERE, drop)]
    log: String,
}

mod limits {}

#[graceful::main(delay = missing)]
async fn main() {}

// errors: 3
