use graceful::Shutdown;
use std::sync::Arc;

#[derive(Shutdown)]
struct App<T> {
    #[shutdown(drop)]
    log: T,
}

#[derive(Shutdown)]
struct InField {
    #[shutdown]
    app: Arc<App<String>>,
}

fn main() {}

// errors: 1
