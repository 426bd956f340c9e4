//! Who closes the task some other way owns its handle then.

use graceful::Shutdown;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
struct App {
    #[shutdown(critical, method = abort)]
    method: JoinHandle<()>,
    #[shutdown(with = close, critical)]
    with: JoinHandle<()>,
    #[shutdown(critical)]
    #[shutdown(drop)]
    drop: JoinHandle<()>,
    #[shutdown(skip, critical)]
    skip: JoinHandle<()>,
}

fn main() {}

// errors: 4
