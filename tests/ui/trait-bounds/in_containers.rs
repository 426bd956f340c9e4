use graceful::Shutdown;
use std::collections::HashMap;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown]
    optional: Option<Db>,
    #[shutdown]
    by_name: HashMap<String, Db>,
    #[shutdown]
    text: String,
}

fn main() {}

// errors: 3
