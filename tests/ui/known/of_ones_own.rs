//! A type of the program's own may be called so too: where it can be closed, its own close is named, and where it is in
//! something that can't, nothing is said of another.

use graceful::{Context, Result, Shutdown};
use std::sync::Arc;

#[derive(Clone)]
struct PgPool;

impl Shutdown for PgPool {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct WorkerGuard;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    db: PgPool,
    of_others: Arc<PgPool>,
    log: WorkerGuard,
}

fn main() {}

// errors: 2
