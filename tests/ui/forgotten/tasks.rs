//! Known by the names of their types, also where nothing closes those as they are.

use graceful::Shutdown;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::task::{self, JoinHandle, JoinSet};

struct Stats;
struct Id;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    stats: JoinHandle<Stats>,
    set: JoinSet<Stats>,
    by_id: HashMap<Id, JoinHandle<()>>,
    named: Vec<(String, task::JoinHandle<()>)>,
    shared: Arc<JoinHandle<()>>,
    started: Result<JoinHandle<()>, std::io::Error>,
    cell: RefCell<Option<JoinHandle<()>>>,
    pairs: [(u8, JoinSet<()>); 2],
    leaked: &'static Mutex<JoinSet<()>>,
    // These can be closed.
    queue: VecDeque<JoinHandle<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    #[shutdown(skip)]
    left: JoinHandle<Stats>,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
enum Either {
    Left(JoinHandle<Stats>),
    Right { started: Result<JoinHandle<()>, u8> },
}

#[derive(Shutdown)]
#[shutdown(nothing)]
#[shutdown(shared)]
struct Shared {
    tasks: Arc<Mutex<Vec<(u8, JoinHandle<()>)>>>,
}

fn main() {}

// errors: 14
