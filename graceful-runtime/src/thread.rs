//! Threads of ours.

use crate::lock::Lock;
use crate::thread_state::{WHILE_IT_WORKS, current_thread, wait_while_it_works, works};
use std::io;
use std::sync::{Arc, Condvar, OnceLock};
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

/// Does it on a thread of its own, and waits for its end, but not longer than `limit`, or while it [works] a second.
pub(crate) fn run_within(limit: Duration, name: &str, run: Run) -> io::Result<()> {
    let ended = Arc::new((Lock::new(false), Condvar::new()));
    let thread = Arc::new(OnceLock::new());
    let (tells, is_on) = (ended.clone(), thread.clone());
    let run = move || {
        is_on.get_or_init(current_thread);
        run();
        *tells.0.lock() = true;
        tells.1.notify_one();
    };
    start(name, None, Box::new(run))?;
    let (ended, changed) = &*ended;
    let is_left = |ended: &bool| !*ended;
    wait_while_it_works(ended, changed, limit, WHILE_IT_WORKS, is_left, || {
        is_left(&ended.lock()) && works(thread.get().copied().flatten())
    });
    Ok(())
}
