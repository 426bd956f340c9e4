//! What a stream that does not end by itself is ended with.

use crate::http::Stopping;
use axum::body::HttpBody;
use axum::http::HeaderMap;
use axum::http::header::HeaderValue;
use hyper::body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::sleep;

/// What the last words of all streams need to reach their clients, at most.
const AHEAD: Duration = Duration::from_millis(250);

/// `UNAVAILABLE`: the client may try again, elsewhere. (gRPC, "Status codes and their use".)
const UNAVAILABLE: HeaderValue = HeaderValue::from_static("14");

const MESSAGE: HeaderValue = HeaderValue::from_static("the server is shutting down");

/// How many streams had to be ended. Relaxed: a number for the report, which publishes nothing.
#[derive(Debug, Default)]
pub(super) struct Ended(AtomicUsize);

impl Ended {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

pin_project! {
    /// The body of an answer that, should it not have ended shortly before the limit of the server's
    /// close, ends with the status `UNAVAILABLE` instead of a cut.
    #[must_use = "it does nothing unless polled"]
    pub struct LastWord<B> {
        #[pin]
        body: B,
        stopping: Stopping,
        ended: Arc<Ended>,
        // Made when the body makes its reader wait, or goes on while the server closes, which those of
        // most calls never do.
        limit: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
        // An answer to a unary call has one, and then its status, which is never withheld.
        frames: Frames,
        said: bool,
    }
}

/// How many frames have come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frames {
    None,
    One,
    Several,
}

impl Frames {
    fn one_more(self) -> Self {
        match self {
            Self::None => Self::One,
            Self::One | Self::Several => Self::Several,
        }
    }
}

impl<B> LastWord<B> {
    pub(super) fn new(body: B, stopping: Stopping, ended: Arc<Ended>) -> Self {
        Self {
            body,
            stopping,
            ended,
            limit: None,
            frames: Frames::None,
            said: false,
        }
    }
}

/// Shortly before the limit of the close that has yet to begin.
async fn limit_of(stopping: Stopping) {
    stopping.requested().await;
    let Some(remaining) = stopping.remaining() else {
        return std::future::pending().await;
    };
    sleep(remaining.saturating_sub(AHEAD.min(remaining / 10))).await;
}

impl<B: HttpBody> HttpBody for LastWord<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        if *this.said {
            return Poll::Ready(None);
        }
        let limit_of = || -> Pin<Box<dyn Future<Output = ()> + Send>> {
            Box::pin(limit_of(this.stopping.clone()))
        };
        if this.limit.is_none() && *this.frames == Frames::Several && this.stopping.is_stopping() {
            *this.limit = Some(limit_of());
        }
        // The limit first: a stream that always has something would never be told.
        let limit = this.limit.as_mut();
        if limit.is_none_or(|limit| limit.as_mut().poll(task).is_pending()) {
            let frame = this.body.poll_frame(task);
            if frame.is_ready() {
                *this.frames = this.frames.one_more();
                return frame;
            }
            if this.limit.is_some() {
                return Poll::Pending;
            }
            let limit = this.limit.insert(limit_of());
            if limit.as_mut().poll(task).is_pending() {
                return Poll::Pending;
            }
        }
        *this.said = true;
        this.ended.0.fetch_add(1, Ordering::Relaxed);
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", UNAVAILABLE);
        trailers.insert("grpc-message", MESSAGE);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.said || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: fmt::Debug> fmt::Debug for LastWord<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastWord")
            .field("body", &self.body)
            .field("said", &self.said)
            .finish_non_exhaustive()
    }
}
