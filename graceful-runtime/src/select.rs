//! Two futures at once: until the first of them ends, or the last. `tokio::select!` and `tokio::join!` need tokio's
//! macros, which a program may not have.

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

/// Polls both until both have ended.
pub(crate) async fn both(first: impl Future<Output = ()>, second: impl Future<Output = ()>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut is_first_over, mut is_second_over) = (false, false);
    poll_fn(|task| {
        is_first_over = is_first_over || first.as_mut().poll(task).is_ready();
        is_second_over = is_second_over || second.as_mut().poll(task).is_ready();
        if is_first_over && is_second_over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}
