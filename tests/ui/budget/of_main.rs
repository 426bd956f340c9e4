use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "12s", drop)]
    db: String,
}

#[graceful::main(timeout = "10s")]
async fn main() -> App {
    App { db: String::new() }
}

// errors: 1
