use graceful::Shutdown;
use std::cell::Cell;
use std::sync::Mutex;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown]
    first: Mutex<Option<Leaf>>,
    #[shutdown]
    second: Mutex<Option<Leaf>>,
    count: Cell<u8>,
}

fn main() {}

// errors: 1
