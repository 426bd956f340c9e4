//! A service that looks at its platform: it prints what it finds, or has it said.

use graceful::platform::{Platform, Probe};
use std::fs;
use std::panic;
use std::thread;
use std::time::Duration;
use tracing::subscriber::{NoSubscriber, set_default};

#[graceful::main(timeout = "20s", delay = "1s")]
pub(crate) async fn main() {
    let mut platform = Platform::new();
    if std::env::var_os("PROBE").is_some() {
        platform = platform.readiness(Probe::new(Duration::from_secs(5), 3));
    }
    if std::env::var_os("SAID").is_some() {
        panic::set_hook(Box::new(|_| println!("a panic")));
        // Of this thread alone.
        let scoped = std::env::var_os("SCOPED").map(|_| NoSubscriber::new());
        let _scope = scoped.map(set_default);
        platform.warn();
        while looks() {
            thread::yield_now();
        }
    } else {
        for warning in platform.warnings() {
            println!("warning: {warning}");
        }
    }
    println!("that is all");
}

/// Whether the thread is there that looks: until it has its name, it has that of the program.
fn looks() -> bool {
    let main = std::process::id().to_string();
    let threads = fs::read_dir("/proc/self/task").expect("it is Linux");
    let mut names = threads
        .flatten()
        .filter(|thread| thread.file_name() != *main);
    names.any(|thread| {
        // One that has ended meanwhile has none.
        let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        ["graceful-platfo", "operations"].contains(&name.trim_end())
    })
}
