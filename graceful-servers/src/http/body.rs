//! The body of an answer: the request is in flight until it ends.

use axum::body::HttpBody;
use hyper::body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// The body of an answer whose request is in flight until its end: what
    /// [`TrackLayer`](super::TrackLayer) makes of a body.
    #[derive(Debug, Default)]
    pub struct Counted<B, G> {
        // Dropped first: a body's destructor belongs to the request.
        #[pin]
        body: B,
        guard: Option<G>,
    }
}

impl<B, G> Counted<B, G> {
    pub(super) fn new(body: B, guard: Option<G>) -> Self {
        Self { body, guard }
    }
}

impl<B: HttpBody, G> HttpBody for Counted<B, G> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.project().body.poll_frame(task)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
