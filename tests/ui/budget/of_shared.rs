use graceful::Shutdown;
use std::sync::Mutex;

#[derive(Shutdown)]
#[shutdown(shared, timeout = "5s")]
struct App {
    #[shutdown(timeout = "3s", drop)]
    first: Mutex<String>,
    #[shutdown(timeout = "3s", drop)]
    second: Mutex<String>,
}

fn main() {}

// errors: 1
