//! What a stream that does not end by itself is ended with.

use crate::http::Stopping;
use axum::body::HttpBody;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, Response};
use hyper::body::{Bytes, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::sleep;

/// How long before the limit streams are ended: a tenth of the time, between these two…
const AHEAD: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(1)];

/// …and for each one that may be among them what its last word needs of a processor: they are all said at once.
const AHEAD_EACH: Duration = Duration::from_micros(100);

/// gRPC, "Requests" and "Responses"; what follows is `+proto` or the like.
const GRPC: &[u8] = b"application/grpc";
const GRPC_WEB: &[u8] = b"application/grpc-web";
const GRPC_WEB_TEXT: &[u8] = b"application/grpc-web-text";

/// `UNAVAILABLE`: the client may try again, elsewhere. (gRPC, "Status codes and their use".)
const UNAVAILABLE: HeaderValue = HeaderValue::from_static("14");

const MESSAGE: HeaderValue = HeaderValue::from_static("the server is shutting down");

/// The same two as a frame of gRPC-Web, which has its trailers in the body: 0x80, their length, and they as text.
const WEB: &[u8] = b"\x80\0\0\0\x3agrpc-status:14\r\ngrpc-message:the server is shutting down\r\n";

/// That frame in base64.
const WEB_TEXT: &[u8] =
    b"gAAAADpncnBjLXN0YXR1czoxNA0KZ3JwYy1tZXNzYWdlOnRoZSBzZXJ2ZXIgaXMgc2h1dHRpbmcgZG93bg0K";

/// How a protocol ends an answer with a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Grpc,
    Web,
    WebText,
}

impl Form {
    /// That of an answer with these headers; `None` where it is none of gRPC's. A status would then be a lie: what had come
    /// looked complete.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.as_bytes();
        let is = |kind: &[u8]| {
            let rest = content_type.strip_prefix(kind);
            rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';')))
        };
        if is(GRPC) {
            Some(Self::Grpc)
        } else if is(GRPC_WEB) {
            Some(Self::Web)
        } else if is(GRPC_WEB_TEXT) {
            Some(Self::WebText)
        } else {
            None
        }
    }

    fn last_frame(self) -> Frame<Bytes> {
        match self {
            Self::Grpc => {
                let mut trailers = HeaderMap::new();
                trailers.insert("grpc-status", UNAVAILABLE);
                trailers.insert("grpc-message", MESSAGE);
                Frame::trailers(trailers)
            }
            Self::Web => Frame::data(Bytes::from_static(WEB)),
            Self::WebText => Frame::data(Bytes::from_static(WEB_TEXT)),
        }
    }
}

/// Whether a request or an answer with these headers is a call of gRPC, in one of its forms.
pub(super) fn is_call(headers: &HeaderMap) -> bool {
    Form::of(headers).is_some()
}

pin_project! {
    /// The body of an answer that, should it not have ended shortly before the limit of the server's
    /// close, ends with the status `UNAVAILABLE` instead of a cut: in trailers, or as gRPC-Web has it. Answers
    /// that are none of gRPC's pass through as they are.
    #[must_use = "it does nothing unless polled"]
    pub struct LastWord<B> {
        #[pin]
        body: B,
        form: Option<Form>,
        stopping: Stopping,
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
    pub(super) fn of(answer: Response<B>, stopping: Stopping) -> Response<Self> {
        let form = Form::of(answer.headers());
        answer.map(|body| Self {
            body,
            form,
            stopping,
            limit: None,
            frames: Frames::None,
            said: false,
        })
    }
}

/// Shortly before the limit of the close that has yet to begin.
async fn limit_of(stopping: Stopping) {
    stopping.requested().await;
    let Some(remaining) = stopping.remaining() else {
        return std::future::pending().await;
    };
    let ahead = ahead(remaining, stopping.in_flight_at_close());
    sleep(remaining.saturating_sub(ahead)).await;
}

/// How long before the limit so many streams are ended; never more than three quarters of the time.
fn ahead(remaining: Duration, streams: usize) -> Duration {
    let [least, most] = AHEAD;
    let streams = u32::try_from(streams).unwrap_or(u32::MAX);
    let all = AHEAD_EACH.saturating_mul(streams);
    let ahead = (remaining / 10).clamp(least, most).saturating_add(all);
    ahead.min(remaining / 4 * 3)
}

impl<B: HttpBody<Data = Bytes>> HttpBody for LastWord<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        let Some(form) = *this.form else {
            return this.body.poll_frame(task);
        };
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
        this.stopping.note_ended();
        Poll::Ready(Some(Ok(form.last_frame())))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_begin_the_earlier_the_more_they_are() {
        let ms = Duration::from_millis;
        for (remaining, streams, expected) in [
            (ms(25_000), 0, ms(1_000)),
            (ms(1_000), 0, ms(100)),
            (ms(300), 0, ms(50)),
            (ms(10_000), 1_000, ms(1_100)),
            (ms(10_000), 10_000, ms(2_000)),
            (ms(60), 1_000, ms(45)),
            (ms(10_000), usize::MAX, ms(7_500)),
        ] {
            assert_eq!(
                ahead(remaining, streams),
                expected,
                "{streams} in {remaining:?}"
            );
        }
    }
}
