//! A stream that ends when the server closes.

use axum::body::HttpBody;
use futures_util::Stream;
use hyper::body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

pin_project! {
    /// A stream, or the body of an answer, that ends when the server begins to close:
    /// [`Stopping::until`](super::Stopping::until).
    #[must_use = "it does nothing unless polled"]
    pub struct Until<S> {
        #[pin]
        inner: S,
        #[pin]
        closing: WaitForCancellationFutureOwned,
        has_ended: bool,
    }
}

impl<S> Until<S> {
    pub(super) fn new(inner: S, closing: CancellationToken) -> Self {
        Self {
            inner,
            closing: closing.cancelled_owned(),
            has_ended: false,
        }
    }

    /// What `poll` says, until the server closes.
    fn poll_with<T>(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<Option<T>>,
    ) -> Poll<Option<T>> {
        let this = self.project();
        *this.has_ended = *this.has_ended || this.closing.poll(task).is_ready();
        if *this.has_ended {
            return Poll::Ready(None);
        }
        poll(this.inner, task)
    }
}

impl<S: Stream> Stream for Until<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.poll_with(task, S::poll_next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.inner.size_hint().1)
    }
}

/// Without a length, which it might not keep.
impl<B: HttpBody> HttpBody for Until<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.poll_with(task, B::poll_frame)
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

impl<S: fmt::Debug> fmt::Debug for Until<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until")
            .field("inner", &self.inner)
            .field("has_ended", &self.has_ended)
            .finish_non_exhaustive()
    }
}
