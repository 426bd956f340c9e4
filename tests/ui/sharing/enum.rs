use graceful::Shutdown;
use std::sync::Arc;

#[derive(Shutdown)]
#[shutdown(timeout = "5s", shared)]
enum App {
    Nothing,
    Log(#[shutdown(drop)] String),
}

#[graceful::main]
async fn main() -> Arc<App> {
    Arc::new(App::Nothing)
}

// errors: 1
