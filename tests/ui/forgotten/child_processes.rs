//! A process goes on when its handle is dropped: a field of one needs a mark.

use graceful::Shutdown;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::process::Child;

mod tree {
    pub struct Child;
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    closed: Child,
    #[shutdown(skip)]
    skipped: tree::Child,
    alone: Child,
    maybe: Option<tokio::process::Child>,
    several: Vec<Child>,
    by_name: Mutex<HashMap<String, Child>>,
    of_std: std::process::Child,
    with_its_name: Vec<(String, Child)>,
    another: tree::Child,
    makes: fn() -> Child,
}

fn main() {}

// errors: 7
