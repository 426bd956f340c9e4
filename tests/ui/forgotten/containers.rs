use graceful::Shutdown;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone, Shutdown)]
#[shutdown(nothing)]
struct Db;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    boxed: Box<Db>,
    shared: Arc<Db>,
    locked: Mutex<Option<Db>>,
    array: [Db; 2],
    tuple: (Db, Db),
    by_name: HashMap<String, Db>,
    nested: Option<Vec<Box<Db>>>,
    names: Vec<String>,
    port: Arc<Mutex<Option<u16>>>,
}

fn main() {}

// errors: 7
