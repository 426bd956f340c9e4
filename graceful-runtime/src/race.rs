//! Two futures, of which the first to end decides.

use crate::erased::sleep_until;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::time::Instant;

/// A future behind a pointer: what waits for one is compiled once, whatever it waits for.
pub(crate) type Waited<'a> = Pin<&'a mut (dyn Future<Output = ()> + Send + 'a)>;

/// What [`either`] returns.
pub(crate) struct Either<'a> {
    first: Waited<'a>,
    second: Waited<'a>,
}

/// Polls `first`, then `second`, until one of them ends.
pub(crate) fn either<'a>(first: Waited<'a>, second: Waited<'a>) -> Either<'a> {
    Either { first, second }
}

impl Future for Either<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        match self.first.as_mut().poll(task) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => self.second.as_mut().poll(task),
        }
    }
}

/// Polls `first` until it ends, or that moment has come.
pub(crate) async fn until(limit: Instant, first: Waited<'_>) {
    either(first, sleep_until(limit).as_mut()).await;
}

/// Polls `first`, then `second`, until one of them ends; the other is dropped.
pub(crate) async fn race<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|task| match first.as_mut().poll(task) {
        Poll::Ready(value) => Poll::Ready(value),
        Poll::Pending => second.as_mut().poll(task),
    })
    .await
}
