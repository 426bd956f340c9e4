//! Threads that are neither the runtime's nor ours: one of them may listen to the signals.

use super::runtime_threads::RuntimeThreads;
use std::fs;
use std::process;

/// How the names of ours begin, and of threads of libraries that many services have, which listen to no signal.
const KNOWN: [&str; 3] = ["graceful", "tracing-append", "sqlx-sqlite"];

/// How tokio calls the threads of a runtime, where the program gives them no name of its own.
const TOKIO: &str = "tokio-rt";

/// How many there are, the main thread aside. None where the system does not tell: elsewhere than on Linux.
pub(super) fn foreign_threads(runtime: &RuntimeThreads) -> usize {
    let main = process::id();
    // A thread without a name that `main` began is called as the program, be that `graceful-service`.
    let program = fs::read("/proc/self/comm").unwrap_or_default();
    let by_name = runtime.are_unknown();
    let is_known = |name: &[u8]| {
        let begins = |known: &str| name.starts_with(known.as_bytes());
        name != program && KNOWN.into_iter().any(begins) || by_name && begins(TOKIO)
    };
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return 0;
    };
    threads
        .flatten()
        .filter(|thread| {
            let number = thread
                .file_name()
                .to_str()
                .and_then(|number| number.parse().ok());
            number.is_some_and(|number| number != main && !runtime.have(number))
        })
        // One that has ended meanwhile has no name.
        .filter_map(|thread| fs::read(thread.path().join("comm")).ok())
        .filter(|name| !is_known(name))
        .count()
}
