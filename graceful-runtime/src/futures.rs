//! Futures of ours, and waiting for them. `tokio::select!` and `tokio::join!` need tokio's macros, which a program may
//! not have.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio::time::{Instant, timeout_at};

/// A future of one type, whatever it does: what takes it is compiled once.
pub(crate) type Boxed<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

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

/// Of two that say nothing the first to end.
pub(crate) fn either<'a>(first: Boxed<'a>, second: Boxed<'a>) -> Boxed<'a> {
    Box::pin(select(first, second))
}

/// Polls both until both have ended.
pub(crate) async fn both(mut first: Boxed<'_>, mut second: Boxed<'_>) {
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

/// Whether `future` ends by then; if not it is dropped.
pub(crate) async fn ends_by(deadline: Instant, future: Boxed<'_>) -> bool {
    timeout_at(deadline, future).await.is_ok()
}
