use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "22s", drop)]
    db: String,
}

#[graceful::main(delay = "5s")]
async fn main() -> App {
    App { db: String::new() }
}

// errors: 1
