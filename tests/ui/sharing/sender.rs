//! Of a sender a clone would be dropped, and its receiver would never see the end.

use graceful::Shutdown;
use std::sync::{Arc, Mutex};
use tokio::sync::{broadcast, mpsc, watch};

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown]
    jobs: mpsc::Sender<String>,
    #[shutdown]
    events: Option<broadcast::Sender<u8>>,
    #[shutdown]
    config: Arc<watch::Sender<u8>>,
    #[shutdown]
    all: Vec<mpsc::UnboundedSender<u8>>,
    #[shutdown]
    taken_out: Mutex<Option<mpsc::Sender<String>>>,
    #[shutdown(skip)]
    skipped: mpsc::Sender<String>,
    #[shutdown(timeout = "1s")]
    threads: std::sync::mpsc::Sender<u8>,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Generic<T: Send> {
    #[shutdown]
    jobs: mpsc::Sender<T>,
}

fn main() {}

// errors: 6
