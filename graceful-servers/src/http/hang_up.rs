//! A client that has hung up, told from one that has closed its own side and reads on.

use super::listener::Stream;
use std::io;
use std::pin::Pin;

pub(super) type HangUp = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Resolves when the kernel tells that the client has gone: over TCP when it resets the connection, as whoever has gone does
/// with what is sent to him; over a Unix socket when it closes its end.
///
/// It waits on a descriptor of its own: whoever reads the stream owns it.
///
/// # Errors
///
/// The process has no file left, or the platform no second descriptor.
pub(super) fn hang_up(stream: &Stream) -> io::Result<HangUp> {
    let stream = stream.another_descriptor()?;
    Ok(Box::pin(async move {
        // An error is that of the runtime, which ends.
        while stream.has_room().await.is_ok_and(|is_open| is_open) {}
    }))
}
