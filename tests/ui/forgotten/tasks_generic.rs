//! Found where the type is used, as all that its parameters may decide.

use graceful::Shutdown;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App<C: Send> {
    config: C,
    tasks: Vec<(C, JoinHandle<()>)>,
}

#[graceful::main]
async fn main() -> App<u8> {
    App { config: 1, tasks: Vec::new() }
}

// errors: 1
