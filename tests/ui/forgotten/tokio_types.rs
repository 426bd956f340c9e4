use graceful::Shutdown;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    worker: JoinHandle<()>,
    workers: JoinSet<()>,
    jobs: mpsc::Sender<u8>,
    token: CancellationToken,
    name: String,
}

fn main() {}

// errors: 4
