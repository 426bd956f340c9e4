//! Threads that are neither tokio's nor ours: one of them may listen to the signals.

use super::runtime_threads::RuntimeThreads;
use std::fs;
use std::process;

/// How the names of the others begin: tokio's, where the program gives them no name of its own, and ours; and of
/// threads of libraries that many services have, which listen to no signal.
const KNOWN: [&str; 4] = ["tokio-rt", "graceful", "tracing-append", "sqlx-sqlite"];

/// How many there are, the main thread aside. None where the system does not tell: elsewhere than on Linux.
pub(super) fn foreign_threads(runtime: &RuntimeThreads) -> usize {
    let main = process::id().to_string();
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return 0;
    };
    threads
        .flatten()
        .filter(|thread| thread.file_name() != *main)
        // One that has ended meanwhile has no name.
        .filter_map(|thread| fs::read(thread.path().join("comm")).ok())
        .filter(|name| !KNOWN.iter().any(|known| name.starts_with(known.as_bytes())))
        .filter(|name| !runtime.have(name.strip_suffix(b"\n").unwrap_or(name)))
        .count()
}
