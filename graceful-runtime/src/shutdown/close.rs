//! A close that has begun.

use crate::context::{Close, CloseFuture, Context};
use crate::outcome::Result;
use std::fmt;
use std::pin::Pin;
use std::task::Poll;

/// The running close of one value: resolves when the last of its steps has ended.
///
/// Its result says which steps did not close; what happened to each stands in the report.
#[must_use = "nothing is closed until this is awaited"]
pub struct Closing(CloseFuture);

impl Close {
    /// Carries it out where `cx` is the step's own; begins when it is first polled.
    pub fn run(self, cx: Context) -> Closing {
        Closing(Box::pin(async move { self.begin_late(cx).await }))
    }

    /// Begins the close of a value that is taken apart only now, as an `Arc` by a clone: what it asks for at other moments was
    /// not known before.
    pub(crate) fn begin_late(mut self, cx: Context) -> CloseFuture {
        let at_request = cx.hand_over(self.take_moments());
        if at_request.is_empty() {
            return self.begin(cx);
        }
        // Better late than never.
        Box::pin(async move {
            // What went wrong stands in the report.
            drop(cx.begin_group(at_request).ended().await);
            self.begin(cx).await
        })
    }
}

impl Future for Closing {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<Result> {
        self.0.as_mut().poll(task)
    }
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing").finish_non_exhaustive()
    }
}
