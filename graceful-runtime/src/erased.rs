//! The large generic machinery of std and tokio, instantiated once: for work behind a pointer. Under
//! types of its own each thread, task or runtime would add some kilobytes to every program, and each
//! wait for a moment half of one.

use std::io;
use std::pin::Pin;
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, LocalRuntime, Runtime};
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Starts a thread that nobody joins.
pub(crate) fn start_thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    start_boxed(name, Box::new(run))
}

fn start_boxed(name: &str, run: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(run).map(drop)
}

/// Spawns a task that nobody joins.
pub(crate) fn spawn(
    runtime: &Handle,
    task: impl Future<Output = ()> + Send + 'static,
) -> AbortHandle {
    spawn_boxed(runtime, Box::pin(task))
}

fn spawn_boxed(runtime: &Handle, task: Pin<Box<dyn Future<Output = ()> + Send>>) -> AbortHandle {
    runtime.spawn(task).abort_handle()
}

/// Resolves at that moment.
#[inline(never)]
pub(crate) fn sleep_until(moment: Instant) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(tokio::time::sleep_until(moment))
}

/// A runtime of tokio's.
pub(crate) trait Driver {
    fn handle(&self) -> &Handle;
    /// Drives `future` to its end on this thread.
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>);
    /// Ends it; waits for blocking work, but not longer than `limit`.
    fn shutdown_timeout(self: Box<Self>, limit: Duration);
}

macro_rules! drivers {
    ($($runtime:ident)*) => {$(
        impl Driver for $runtime {
            fn handle(&self) -> &Handle {
                self.handle()
            }

            fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) {
                self.block_on(future);
            }

            fn shutdown_timeout(self: Box<Self>, limit: Duration) {
                $runtime::shutdown_timeout(*self, limit);
            }
        }
    )*};
}

drivers! { Runtime LocalRuntime }

/// A small runtime of our own, for one thread. Timers need no file descriptor, which may be all taken;
/// I/O does.
pub(crate) fn small_runtime(with_io: bool) -> io::Result<Box<dyn Driver + Send>> {
    let mut builder = Builder::new_current_thread();
    builder.enable_time();
    if with_io {
        builder.enable_io();
    }
    Ok(Box::new(builder.build()?))
}
