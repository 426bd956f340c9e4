//! Calls that block, on threads of their own: a pool may be full of what others left there.

use std::io;
use std::thread::Builder;
use tokio::sync::oneshot;

/// Runs `call` on a thread of its own. Where the receiver is dropped, it goes on there.
pub(crate) fn on_thread<T: Send + 'static>(
    name: &str,
    call: impl FnOnce() -> T + Send + 'static,
) -> io::Result<oneshot::Receiver<T>> {
    let (returned, receiver) = oneshot::channel();
    let thread = Builder::new().name(name.to_owned()).spawn(move || {
        // Nobody listens any more where the limit has passed.
        let _ = returned.send(call());
    });
    thread.map(|_detached| receiver)
}
