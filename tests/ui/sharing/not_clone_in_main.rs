use graceful::Shutdown;
use std::sync::{Arc, Mutex};

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    log: Mutex<String>,
}

#[graceful::main]
async fn main() -> Result<Arc<App>, std::io::Error> {
    let log = Mutex::default();
    Ok(Arc::new(App { log }))
}

// errors: 1
