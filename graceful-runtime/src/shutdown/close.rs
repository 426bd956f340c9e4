//! One close, until its turn and from then on.

use crate::board::{Begun, Board, CloseFuture, Job, Ticket, drop_caught};
use crate::context::Context;
use crate::outcome::Result;
use crate::reason::Reason;
use std::any::{Any, TypeId};
use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};

/// A close that has not begun: of a value, or of what that is made of.
#[doc(hidden)]
pub struct Close(Box<dyn FnOnce(Context) -> Begun + Send>);

impl Close {
    pub(crate) fn new(begin: impl FnOnce(Context) -> Begun + Send + 'static) -> Self {
        Self(Box::new(begin))
    }

    /// Where there is nothing.
    pub(crate) fn nothing() -> Self {
        Self::new(|cx| {
            cx.nothing_to_close();
            begun(ready(Ok(())))
        })
    }

    pub(crate) fn begin(self, cx: Context) -> Begun {
        (self.0)(cx)
    }

    /// Carries it out where `cx` is the step's own.
    pub fn run(self, cx: Context) -> Closing {
        Closing(Inner::New(cx, self))
    }
}

impl fmt::Debug for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Close").finish_non_exhaustive()
    }
}

/// A close that has begun. Steps that nobody wrapped go to the board as they are: no thread has to
/// wait for their end.
pub(crate) fn begun<F: Future<Output = Result> + Send + 'static>(close: F) -> Begun {
    if TypeId::of::<F>() != TypeId::of::<Closing>() {
        return Begun::Future(Box::pin(close));
    }
    let mut close = Some(close);
    let close: &mut dyn Any = &mut close;
    match close
        .downcast_mut::<Option<Closing>>()
        .and_then(Option::take)
    {
        Some(closing) => closing.into_begun(),
        None => unreachable!("the types are the same"),
    }
}

pub(crate) fn job(board: &Arc<Board>, reason: &Arc<Reason>, close: Close) -> Job {
    let (board, reason) = (board.clone(), reason.clone());
    Box::new(move |ticket: Ticket| {
        let cx = Context {
            board,
            ticket,
            reason,
        };
        #[cfg(feature = "test-util")]
        if let Some(fault) = cx.board.fault(cx.name()) {
            return super::faulty::begun_with(fault, close, cx);
        }
        close.begin(cx)
    })
}

/// The running steps of one value: resolves when the last one has ended.
///
/// Its result says which steps did not close; what happened to each stands in the report.
#[must_use = "nothing is closed until this is awaited"]
pub struct Closing(Inner);

enum Inner {
    New(Context, Close),
    Future(CloseFuture),
    Steps {
        cx: Context,
        group: usize,
        /// What it holds is dropped with it: after the last step, on the thread that waits for them.
        epilogue: Job,
    },
    Over,
}

impl Inner {
    fn of(begun: Begun, cx: Context) -> Self {
        match begun {
            Begun::Future(future) => Self::Future(future),
            Begun::Steps { steps, epilogue } => {
                let Ticket { row, limit, .. } = cx.ticket;
                Self::Steps {
                    group: cx.board.begin(Some(row), steps, limit),
                    cx,
                    epilogue,
                }
            }
        }
    }
}

impl Closing {
    fn into_begun(mut self) -> Begun {
        match std::mem::replace(&mut self.0, Inner::Over) {
            Inner::New(cx, close) => close.begin(cx),
            inner => Begun::Future(Box::pin(Self(inner))),
        }
    }
}

impl Future for Closing {
    type Output = Result;

    fn poll(self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<Result> {
        let inner = &mut self.get_mut().0;
        loop {
            match inner {
                Inner::New(..) | Inner::Over => {}
                Inner::Future(close) => {
                    let closed = ready!(close.as_mut().poll(task));
                    *inner = Inner::Over;
                    return Poll::Ready(closed);
                }
                Inner::Steps { cx, group, .. } => {
                    ready!(cx.board.poll_group(*group, task.waker()));
                }
            }
            *inner = match std::mem::replace(inner, Inner::Over) {
                Inner::New(cx, close) => Inner::of(close.begin(cx.clone()), cx),
                Inner::Steps { cx, epilogue, .. } => Inner::of(epilogue(cx.ticket.clone()), cx),
                Inner::Future(_) | Inner::Over => panic!("a close was polled after it had ended"),
            };
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        if let Inner::Steps { cx, group, .. } = &self.0 {
            // Caught: this may be dropped by a panic, and a second one would abort the process.
            for left in cx.board.abandon(*group) {
                drop_caught(left);
            }
        }
    }
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing").finish_non_exhaustive()
    }
}
