//! Found in what holds it, with the line that fits.

use graceful::Shutdown;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

struct PgPool;
struct TempDir;
struct FutureProducer;

#[derive(Shutdown)]
struct App<T> {
    #[shutdown(drop)]
    marked: T,
    optional: Option<PgPool>,
    shared: Arc<PgPool>,
    both: Option<Arc<PgPool>>,
    boxed: Box<TempDir>,
    producer: Arc<FutureProducer>,
    several: Vec<PgPool>,
    by_name: HashMap<String, PgPool>,
    locked: Mutex<Option<PgPool>>,
    shared_folder: Arc<TempDir>,
    maybe_producer: Option<FutureProducer>,
    left: std::marker::PhantomData<PgPool>,
    #[shutdown(skip)]
    skipped: Vec<PgPool>,
}

fn main() {}

// errors: 10
