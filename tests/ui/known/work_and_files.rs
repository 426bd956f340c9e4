//! What holds work or files, known by their names.

use graceful::Shutdown;

mod tokio_cron_scheduler {
    pub struct JobScheduler;
}

mod tempfile {
    pub struct TempDir;
    pub struct NamedTempFile<F = u8>(F);
    pub struct TempPath;
}

mod tokio_util {
    pub struct JoinMap<K, V>(K, V);
    pub struct JoinQueue<T>(T);
}

use tempfile::{NamedTempFile, TempDir, TempPath};
use tokio::runtime;
use tokio_cron_scheduler::JobScheduler;
use tokio_util::{JoinMap, JoinQueue};

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    nightly: JobScheduler,
    beside: runtime::Runtime,
    by_name: JoinMap<String, u8>,
    in_order: JoinQueue<u8>,
    folder: TempDir,
    file: NamedTempFile,
    path: TempPath,
}

fn main() {}

// errors: 7
