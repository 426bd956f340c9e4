use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "5s")]
struct App {
    #[shutdown(timeout = "3s", drop)]
    http: String,
    #[shutdown(timeout = "3s", drop)]
    db: String,
}

fn main() {}

// errors: 1
