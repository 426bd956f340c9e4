//! A bounded queue inside the process, of which all that was accepted is processed.
//!
//! Its other end is the [`Source`](crate::consumer::Source) of a [`Consumer`](crate::consumer::Consumer). When that closes, sending is an
//! error, and what was accepted before is processed.

mod sender;
mod source;
#[cfg(test)]
mod tests;

pub use sender::{Queue, Refused, WhenFull};
pub use source::QueueSource;

/// A queue that holds at most `capacity` items, and where they come out.
///
/// ```
/// use graceful_clients::queue;
///
/// let (queue, source) = queue::bounded(100);
/// # let _: (queue::Queue<u8>, queue::QueueSource<u8>) = (queue, source);
/// ```
///
/// # Panics
///
/// If `capacity` is 0, or more than a semaphore of tokio's counts.
#[track_caller]
pub fn bounded<T: Send + Sync + 'static>(capacity: usize) -> (Queue<T>, QueueSource<T>) {
    let (sender, receiver) = tokio::sync::mpsc::channel(capacity);
    (Queue::new(sender), QueueSource::new(receiver))
}
