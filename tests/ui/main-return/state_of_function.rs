use graceful::Shutdown;
use std::sync::Arc;

#[derive(Clone, Shutdown)]
struct App {
    #[shutdown(drop)]
    log: String,
}

type Alias = Result<Arc<App>, String>;

#[graceful::main]
async fn run() -> App {
    App { log: String::new() }
}

#[graceful::main]
async fn try_run(log: String) -> Result<App, std::io::Error> {
    Ok(App { log })
}

#[graceful::main]
async fn by_another_name() -> Alias {
    Err(String::new())
}

struct Service(String);

impl Service {
    #[graceful::main(flavor = "current_thread")]
    async fn run(&self) -> Option<App> {
        Some(App { log: self.0.clone() })
    }
}

impl App {
    #[graceful::main]
    async fn new() -> Self {
        App { log: String::new() }
    }
}

fn main() {}

// errors: 5
