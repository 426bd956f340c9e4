//! Said once.

use graceful::Shutdown;
use tokio::task::{JoinHandle, JoinSet};

struct Stats;

#[derive(Shutdown)]
#[shutdown(exhaustive)]
struct App {
    stats: JoinHandle<Stats>,
    worker: JoinHandle<()>,
    #[shutdown(skip)]
    set: JoinSet<Stats>,
}

fn main() {}

// errors: 2
