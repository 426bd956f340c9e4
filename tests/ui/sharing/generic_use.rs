use graceful::Shutdown;
use std::cell::Cell;
use std::sync::{Arc, Mutex};

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Db;

#[derive(Shutdown)]
#[shutdown(shared)]
struct App<T> {
    #[shutdown]
    value: T,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Locked<T> {
    #[shutdown]
    value: Mutex<T>,
    count: Cell<u8>,
}

fn close(_: impl Shutdown) {}

fn main() {
    close(Arc::new(App { value: Db }));
    close(Locked { value: Mutex::new(Some(Db)), count: Cell::new(1) });
}

// errors: 2
