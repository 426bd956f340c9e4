//! The large generic machinery of std and tokio, instantiated once: for work behind a pointer. Under
//! types of its own each thread, task or `block_on` would add some kilobytes to every program.

use std::io;
use std::pin::Pin;
use std::thread;
use tokio::runtime::{Handle, Runtime};

/// Starts a thread that nobody joins.
pub(crate) fn start_thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    start_boxed(name, Box::new(run))
}

fn start_boxed(name: &str, run: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(run).map(drop)
}

/// Spawns a task that nobody joins.
pub(crate) fn spawn(runtime: &Handle, task: impl Future<Output = ()> + Send + 'static) {
    spawn_boxed(runtime, Box::pin(task));
}

fn spawn_boxed(runtime: &Handle, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
    drop(runtime.spawn(task));
}

/// Drives `future` to its end on this thread.
pub(crate) fn block_on(runtime: &Runtime, future: Pin<&mut dyn Future<Output = ()>>) {
    runtime.block_on(future);
}
