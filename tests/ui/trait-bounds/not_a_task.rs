//! Nobody is told of the end of these, or of one task alone.

use graceful::{Shutdown, Tracker};
use std::sync::Mutex;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};

struct Unreadable;

#[derive(Shutdown)]
struct App {
    #[shutdown(critical)]
    aborts: AbortHandle,
    #[shutdown(critical)]
    set: JoinSet<()>,
    #[shutdown(critical)]
    tracker: Tracker,
    #[shutdown(critical)]
    thread: std::thread::JoinHandle<()>,
    #[shutdown(critical)]
    locked: Mutex<Option<JoinHandle<()>>>,
    #[shutdown(critical)]
    nothing: Vec<String>,
    #[shutdown(critical)]
    unreadable: JoinHandle<Unreadable>,
}

fn main() {}

// errors: 7
