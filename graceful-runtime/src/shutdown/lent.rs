//! A field with something to do at the request: lent to that, and closed in its turn once it is back.

use super::{Parts, Shutdown};
use crate::context::{Close, CloseFuture, Context, StepClose};
use crate::moments::AT_REQUEST;
use crate::outcome::Result;
use crate::plan::TimeDemand;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::oneshot::{self, error::TryRecvError};

/// The field of a step, before its turn.
#[doc(hidden)]
#[must_use = "it is closed by the step that takes it"]
pub struct Lent<T> {
    value: Arc<T>,
    /// Closed once nobody else holds it.
    is_back: oneshot::Receiver<()>,
}

/// The same field, as what is done at the request has it.
#[doc(hidden)]
pub struct Loan<T> {
    value: Arc<T>,
    /// Dropped after the value, which is back then.
    _ends: oneshot::Sender<()>,
}

impl<T> Deref for Loan<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Send + Sync + 'static> Lent<T> {
    fn close<F>(mut self, close: F) -> Close
    where
        F: FnOnce(T, Context) -> CloseFuture + Send + 'static,
    {
        Close::new(move |cx| -> CloseFuture {
            if matches!(self.is_back.try_recv(), Err(TryRecvError::Closed)) {
                // Begun here, where a close may block.
                return match Arc::into_inner(self.value) {
                    Some(value) => close(value, cx),
                    None => unreachable!("nobody else holds it"),
                };
            }
            Box::pin(async move {
                // What is done at the request blocks its thread, and has the field until it lets go.
                cx.progress("waiting for its `at_request`");
                drop(self.is_back.await);
                match Arc::into_inner(self.value) {
                    Some(value) => close(value, cx).await,
                    None => unreachable!("nobody else holds it"),
                }
            })
        })
    }
}

impl Parts {
    /// Has `act` done at the request, beside what else happens then, with the field of the next step.
    pub fn at_request<T, F, R>(&mut self, value: T, act: F) -> Lent<T>
    where
        T: Send + Sync + 'static,
        F: FnOnce(Loan<T>) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        let (ends, is_back) = oneshot::channel();
        let value = Arc::new(value);
        let loan = Loan {
            value: value.clone(),
            _ends: ends,
        };
        let name = self.next_name();
        self.add_at_request(StepClose {
            name: format!("{name}{AT_REQUEST}").into(),
            order: Some(0),
            after: Vec::new(),
            demand: TimeDemand::OPEN,
            is_state: false,
            close: Close::new(move |_| act(loan)),
        });
        Lent { value, is_back }
    }

    /// The next step closes what is lent.
    #[track_caller]
    pub fn close_lent<S: Shutdown + Sync>(&mut self, lent: Lent<S>) {
        self.push(lent.close(|value, cx| value.__graceful_close(None).begin(cx)));
    }

    /// The next step calls `close` with what is lent.
    #[track_caller]
    pub fn call_lent<T, F, R>(&mut self, lent: Lent<T>, close: F)
    where
        T: Send + Sync + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        self.push(lent.close(|value, cx| Box::pin(close(value, cx))));
    }

    /// The next step drops what is lent.
    #[track_caller]
    pub fn drop_lent<T: Send + Sync + 'static>(&mut self, lent: Lent<T>) {
        self.call_lent(lent, |value, _| {
            drop(value);
            std::future::ready(Ok(()))
        });
    }
}

impl<T> fmt::Debug for Lent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Loan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loan").finish_non_exhaustive()
    }
}
