//! Threads of ours.

use crate::lock::{Lock, wait_while};
use std::io;
use std::sync::{Arc, Condvar};
use std::thread::Builder;
use std::time::Duration;

/// What a thread does.
pub(crate) type Run = Box<dyn FnOnce() + Send>;

/// Starts a thread of this name, with the standard library's stack unless another size is given, in bytes.
pub(crate) fn start(name: &str, stack_size: Option<usize>, run: Run) -> io::Result<()> {
    let mut builder = Builder::new().name(name.to_owned());
    if let Some(bytes) = stack_size {
        builder = builder.stack_size(bytes);
    }
    builder.spawn(run).map(drop)
}

/// Does it on a thread of its own, and waits for its end, but not longer than `limit`.
pub(crate) fn run_within(limit: Duration, name: &str, run: Run) -> io::Result<()> {
    let ended = Arc::new((Lock::new(false), Condvar::new()));
    let tells = ended.clone();
    let run = move || {
        run();
        *tells.0.lock() = true;
        tells.1.notify_one();
    };
    start(name, None, Box::new(run))?;
    wait_while(ended.0.lock(), &ended.1, limit, |ended| !*ended);
    Ok(())
}
