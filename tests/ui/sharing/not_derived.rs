use graceful::{Context, Result, Shutdown};
use std::sync::Arc;

struct Db;

impl Shutdown for Db {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    db: Arc<Db>,
}

fn main() {}

// errors: 1
