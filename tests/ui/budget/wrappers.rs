//! The plan of what is inside counts, whatever it is in.

use graceful::Shutdown;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone, Shutdown)]
struct Pool {
    #[shutdown(timeout = "3s", drop)]
    all: String,
}

#[derive(Shutdown)]
#[shutdown(timeout = "2s")]
struct InOption {
    #[shutdown]
    pool: Option<Box<Pool>>,
}

#[derive(Shutdown)]
#[shutdown(timeout = "2s")]
struct InArc {
    #[shutdown]
    pool: Arc<Pool>,
}

#[derive(Shutdown)]
#[shutdown(timeout = "2s")]
struct InLock {
    #[shutdown]
    pool: Arc<Mutex<Option<Pool>>>,
}

#[derive(Shutdown)]
#[shutdown(timeout = "2s")]
struct InCollections {
    #[shutdown]
    pools: Vec<Pool>,
    #[shutdown(order = 0)]
    by_name: HashMap<String, [Pool; 2]>,
}

#[derive(Shutdown)]
#[shutdown(timeout = "5s")]
struct InTuple {
    #[shutdown]
    pools: (Pool, Pool),
}

fn main() {}

// errors: 5
