use graceful::Shutdown;
use std::sync::{Arc, Mutex};

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    log: Mutex<String>,
}

#[derive(Shutdown)]
struct InField {
    #[shutdown]
    perhaps: Option<Arc<App>>,
}

#[derive(Shutdown)]
struct InFieldOfField {
    #[shutdown]
    inner: InField,
}

fn main() {}

// errors: 1
