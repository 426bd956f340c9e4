//! A program with something to do at each moment of its stop: `moments <shape> <flavor> <case>`.
//!
//! It writes "ready" to standard output once the case is in place.

mod faulty;
mod force;
mod last;
mod leaks;
mod log;
mod request;
mod shield;

use graceful::{Handle, Phase};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let (shape, flavor) = (argument(1), argument(2));
    match &*shape {
        "last" => last::run(&flavor),
        "leaks" => leaks::run(&flavor),
        "force" => force::run(&flavor),
        "request" => request::run(&flavor),
        "shield" => shield::run(&flavor),
        _ => panic!("no shape {shape:?}"),
    }
}

/// The case of this process.
fn case() -> String {
    argument(3)
}

fn argument(at: usize) -> String {
    std::env::args()
        .nth(at)
        .expect("called as `moments <shape> <flavor> <case>`")
}

fn ready() {
    say("ready");
}

/// Says it once the state has been handed over.
fn ready_once_running() {
    tokio::spawn(async {
        Handle::current().reached(Phase::Running).await;
        ready();
    });
}

/// A state as others hold it too, who never let go of it.
fn shared<T>(state: T) -> Arc<T> {
    let state = Arc::new(state);
    std::mem::forget(state.clone());
    state
}

/// A line that whoever started the program reads at once.
fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().expect("it is read");
}
