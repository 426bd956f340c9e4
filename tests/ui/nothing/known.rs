//! What has to be written is named, where the name of a field's type tells.

use graceful::Shutdown;
use std::sync::Arc;

struct Config;
struct PgPool;
struct WorkerGuard;

#[derive(Shutdown)]
struct ApiContext {
    config: Arc<Config>,
    db: PgPool,
    log: Arc<WorkerGuard>,
}

fn main() {}

// errors: 1
