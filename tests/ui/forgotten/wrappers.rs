use graceful::Shutdown;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone, Shutdown)]
#[shutdown(nothing)]
struct Db;

#[derive(Shutdown)]
struct Inner<T> {
    #[shutdown]
    all: T,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    shared: Arc<Db>,
    locked: Arc<Mutex<Option<Db>>>,
    boxed: Box<Db>,
    list: Vec<Option<Db>>,
    array: [Db; 2],
    map: HashMap<String, Db>,
    pair: (Db, Db),
    generic: Inner<Db>,
    // Nothing to close.
    name: Option<String>,
    numbers: Arc<Mutex<Vec<u8>>>,
}

fn main() {}

// errors: 8
