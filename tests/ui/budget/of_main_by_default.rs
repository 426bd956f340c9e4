use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "30s", drop)]
    db: String,
}

#[graceful::main]
async fn main() -> Result<App, std::io::Error> {
    Ok(App { db: String::new() })
}

// errors: 1
