//! Two futures, of which the first to end decides. `tokio::select!` needs tokio's macros, which a program may
//! not have.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Polls `first`, then `second`, until one of them ends; the other is dropped.
pub(crate) async fn select<T>(
    first: impl Future<Output = T>,
    second: impl Future<Output = T>,
) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|task| match first.as_mut().poll(task) {
        Poll::Ready(value) => Poll::Ready(value),
        Poll::Pending => second.as_mut().poll(task),
    })
    .await
}
